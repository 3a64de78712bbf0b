/* A fault at one step of a server's writing, from outside of it: preloaded (LD_PRELOAD), it counts the calls that change files
 * of a data folder and lets one of them fail, or ends the process there. The server has no branch for it.
 *
 *   QUANZU_FAULT=STEP:N:WHAT   at the Nth such step
 *   QUANZU_FAULT_LOG=FILE      gets a line STEP:N:WHAT when it happens
 *   QUANZU_STEPS=FILE          gets a line STEP COUNT for each step there was, when the process ends by itself
 *
 *   STEP  log|table|snapshot|backup . write|flush|cut|rename|remove     of DIR/quanzu.db-wal, DIR/quanzu.db, DIR/snapshots/,
 *                                                                       and files whose name holds ".backup"
 *   WHAT  before, after   SIGKILL before or after the call; what was written stays, as the page cache does
 *         torn            half of the write, then SIGKILL
 *         power           SIGKILL, and what was written to log and tables since their last flush is undone
 *         eio, enospc     the call fails
 *         lie             from this flush on nothing is flushed any more, though it says so; the process ends at the end of the
 *                         10th such call as by `power`
 *         flip            a bit of the write is turned over, silently
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { kFiles = 4, kCalls = 5, kMaxUndo = 4096, kLies = 10 };
static const char* const kFileNames[kFiles] = {"log", "table", "snapshot", "backup"};
static const char* const kCallNames[kCalls] = {"write", "flush", "cut", "rename", "remove"};
enum Call { kWrite, kFlush, kCut, kRename, kRemove };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned long counts[kFiles][kCalls];
static int fault_file = -1, fault_call = -1, lies = -1;
static unsigned long fault_at;
static char fault_what[16];
static const char* fault_log;
static const char* steps_file;

/* What stood where something was written since the last flush, to be brought back: oldest first. */
struct Undo {
  int file;
  char path[PATH_MAX];
  off_t at, size_before;
  size_t size, had;
  char* bytes;
};
static struct Undo undos[kMaxUndo];
static int undo_count;

static ssize_t (*real_pwrite64)(int, const void*, size_t, off_t);
static ssize_t (*real_write)(int, const void*, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate64)(int, off_t);
static int (*real_rename)(const char*, const char*);
static int (*real_unlink)(const char*);
static int (*real_remove)(const char*);

static void find_real(void) {
  if (real_write) return;
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_remove = dlsym(RTLD_NEXT, "remove");
  real_write = dlsym(RTLD_NEXT, "write");
}

static int index_of(const char* const* names, int count, const char* name, size_t size) {
  for (int i = 0; i < count; ++i)
    if (strlen(names[i]) == size && strncmp(names[i], name, size) == 0) return i;
  return -1;
}

__attribute__((constructor)) static void read_environment(void) {
  find_real();
  fault_log = getenv("QUANZU_FAULT_LOG");
  steps_file = getenv("QUANZU_STEPS");
  const char* fault = getenv("QUANZU_FAULT");
  if (!fault) return;
  const char* dot = strchr(fault, '.');
  const char* colon = dot ? strchr(dot, ':') : NULL;
  const char* last = colon ? strchr(colon + 1, ':') : NULL;
  if (!last) {
    fprintf(stderr, "fault_shim: QUANZU_FAULT is %s, must be STEP:N:WHAT\n", fault);
    _exit(125);
  }
  fault_file = index_of(kFileNames, kFiles, fault, (size_t)(dot - fault));
  fault_call = index_of(kCallNames, kCalls, dot + 1, (size_t)(colon - dot - 1));
  fault_at = strtoul(colon + 1, NULL, 10);
  snprintf(fault_what, sizeof fault_what, "%s", last + 1);
}

__attribute__((destructor)) static void tell_steps(void) {
  FILE* out = steps_file ? fopen(steps_file, "w") : NULL;
  if (!out) return;
  for (int file = 0; file < kFiles; ++file)
    for (int call = 0; call < kCalls; ++call)
      if (counts[file][call]) fprintf(out, "%s.%s %lu\n", kFileNames[file], kCallNames[call], counts[file][call]);
  fclose(out);
}

static int ends_with(const char* text, const char* end) {
  const size_t size = strlen(text), tail = strlen(end);
  return size >= tail && strcmp(text + size - tail, end) == 0;
}

static int file_of(const char* path) {
  if (strstr(path, ".backup")) return 3;
  if (strstr(path, "/snapshots")) return 2;
  if (ends_with(path, "/quanzu.db-wal")) return 0;
  if (ends_with(path, "/quanzu.db")) return 1;
  return -1;
}

static int file_of_descriptor(int descriptor, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = readlink(link, path, PATH_MAX - 1);
  if (size <= 0) return -1;
  path[size] = 0;
  return file_of(path);
}

static void bring_back(void) {
  for (int i = undo_count - 1; i >= 0; --i) {
    const struct Undo* undo = &undos[i];
    const int descriptor = open(undo->path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) continue;
    if (undo->had > 0 && real_pwrite64(descriptor, undo->bytes, undo->had, undo->at) < 0) abort();
    if (real_ftruncate64(descriptor, undo->size_before) != 0) abort();
    close(descriptor);
  }
}

static void end_here(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void remember(int file, const char* path, off_t at, size_t size) {
  if (file > 1 || undo_count == kMaxUndo) return;
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (descriptor < 0) return;
  struct Undo* undo = &undos[undo_count];
  if (fstat(descriptor, &about) == 0 && (undo->bytes = malloc(size)) != NULL) {
    undo->file = file;
    snprintf(undo->path, sizeof undo->path, "%s", path);
    undo->at = at;
    undo->size = size;
    undo->size_before = about.st_size;
    const ssize_t had = pread(descriptor, undo->bytes, size, at);
    undo->had = had > 0 ? (size_t)had : 0;
    ++undo_count;
  }
  close(descriptor);
}

static void flushed(int file) {
  int kept = 0;
  for (int i = 0; i < undo_count; ++i) {
    if (undos[i].file == file) {
      free(undos[i].bytes);
    } else {
      undos[kept++] = undos[i];
    }
  }
  undo_count = kept;
}

/* Whether the fault is due at this call; says so in the log. */
static int due(int file, enum Call call) {
  const unsigned long now = ++counts[file][call];
  if (file != fault_file || (int)call != fault_call || now != fault_at) return 0;
  const int log = fault_log ? open(fault_log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (log >= 0) {
    char line[128];
    const int size = snprintf(line, sizeof line, "%s.%s:%lu:%s\n", kFileNames[file], kCallNames[call], now, fault_what);
    if (real_write(log, line, (size_t)size) < 0) abort();
    close(log);
  }
  return 1;
}

static int is(const char* what) { return strcmp(fault_what, what) == 0; }

static void end_if_power(void) {
  if (!is("power")) return;
  bring_back();
  end_here();
}

/* The call fails: 0 no, else the error. */
static int failing(void) { return is("eio") ? EIO : is("enospc") ? ENOSPC : 0; }

static ssize_t do_write(int descriptor, const void* bytes, size_t size, off_t at, int placed) {
  char path[PATH_MAX];
  const int file = file_of_descriptor(descriptor, path);
  const off_t place = placed ? at : lseek(descriptor, 0, SEEK_CUR);
  if (file < 0) return placed ? real_pwrite64(descriptor, bytes, size, at) : real_write(descriptor, bytes, size);
  pthread_mutex_lock(&mutex);
  const int faulty = due(file, kWrite);
  char* turned = NULL;
  if (faulty) {
    if (is("before")) end_here();
    end_if_power();
    if (is("torn")) {
      if (real_pwrite64(descriptor, bytes, size / 2, place) < 0) abort();
      end_here();
    }
    if (failing()) {
      pthread_mutex_unlock(&mutex);
      errno = failing();
      return -1;
    }
    if (is("flip") && size > 0 && (turned = malloc(size)) != NULL) {
      memcpy(turned, bytes, size);
      turned[size / 2] = (char)(turned[size / 2] ^ 0x10);
      bytes = turned;
    }
  }
  remember(file, path, place, size);
  const ssize_t done = placed ? real_pwrite64(descriptor, bytes, size, at) : real_write(descriptor, bytes, size);
  free(turned);
  if (faulty && is("after")) end_here();
  pthread_mutex_unlock(&mutex);
  return done;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  find_real();
  return do_write(descriptor, bytes, size, at, 1);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off_t at) {
  find_real();
  return do_write(descriptor, bytes, size, at, 1);
}
ssize_t write(int descriptor, const void* bytes, size_t size) {
  find_real();
  return do_write(descriptor, bytes, size, 0, 0);
}

static int do_flush(int descriptor, int (*flush)(int)) {
  char path[PATH_MAX];
  const int file = file_of_descriptor(descriptor, path);
  if (file < 0) return flush(descriptor);
  pthread_mutex_lock(&mutex);
  const int faulty = due(file, kFlush);
  if (faulty && is("before")) end_here();
  if (faulty) end_if_power();
  if (faulty && is("lie")) lies = 0;
  int done = 0;
  if (faulty && failing()) {
    errno = failing();
    done = -1;
  } else if (lies >= 0) {
    if (++lies == kLies) {
      bring_back();
      end_here();
    }
  } else {
    done = flush(descriptor);
    if (done == 0) flushed(file);
  }
  if (faulty && is("after")) end_here();
  pthread_mutex_unlock(&mutex);
  return done;
}

int fsync(int descriptor) {
  find_real();
  return do_flush(descriptor, real_fsync);
}
int fdatasync(int descriptor) {
  find_real();
  return do_flush(descriptor, real_fdatasync);
}

static int do_cut(int descriptor, off_t size) {
  char path[PATH_MAX];
  const int file = file_of_descriptor(descriptor, path);
  if (file < 0) return real_ftruncate64(descriptor, size);
  pthread_mutex_lock(&mutex);
  const int faulty = due(file, kCut);
  if (faulty && is("before")) end_here();
  if (faulty) end_if_power();
  const int done = real_ftruncate64(descriptor, size);
  if (faulty && is("after")) end_here();
  pthread_mutex_unlock(&mutex);
  return done;
}

int ftruncate(int descriptor, off_t size) {
  find_real();
  return do_cut(descriptor, size);
}
int ftruncate64(int descriptor, off_t size) {
  find_real();
  return do_cut(descriptor, size);
}

int rename(const char* from, const char* to) {
  find_real();
  const int file = file_of(to);
  if (file < 0) return real_rename(from, to);
  pthread_mutex_lock(&mutex);
  const int faulty = due(file, kRename);
  if (faulty && is("before")) end_here();
  if (faulty) end_if_power();
  const int done = real_rename(from, to);
  if (faulty && is("after")) end_here();
  pthread_mutex_unlock(&mutex);
  return done;
}

static int do_remove(const char* path, int (*call)(const char*)) {
  const int file = file_of(path);
  if (file < 0) return call(path);
  pthread_mutex_lock(&mutex);
  const int faulty = due(file, kRemove);
  if (faulty && is("before")) end_here();
  if (faulty) end_if_power();
  const int done = call(path);
  if (faulty && is("after")) end_here();
  pthread_mutex_unlock(&mutex);
  return done;
}

int unlink(const char* path) {
  find_real();
  return do_remove(path, real_unlink);
}
int remove(const char* path) {
  find_real();
  return do_remove(path, real_remove);
}
