// What quanzud and quanzu exit with, the same four for every command of both, so that a script can branch on them without
// reading a message. Each command's help says which of its outcomes is which.
#pragma once

namespace quanzu::cmd {

enum Exit : int {
  kOk = 0,      // done, and the answer is yes
  kFailed = 1,  // it ran, and the answer is no, or what it was given is at fault: a rule, a row, a token, a difference
  kUsage = 2,   // the command line or the configuration is wrong: nothing was tried
  kState = 3,   // the world does not allow it: a folder is locked, a port is taken, a peer or a disk fails
};

}  // namespace quanzu::cmd
