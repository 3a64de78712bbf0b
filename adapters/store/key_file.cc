#include "adapters/store/key_file.h"

#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adapters/store/files.h"

namespace quanzu::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeading =
    "# Master keys of quanzud; the first is in use. Without this file the data cannot be read: keep a copy of it "
    "elsewhere,\n"
    "# and not beside the backups.\n";
constexpr size_t kIdDigits = 8;
constexpr size_t kKeyDigits = 2 * SecretKey::kSize;

std::string hex(const uint8_t* bytes, size_t size) {
  std::string text(2 * size + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes, size);
  text.pop_back();
  return text;
}

std::string id_of(const SecretKey& key) {
  std::array<uint8_t, crypto_generichash_BYTES> hash;
  crypto_generichash(hash.data(), hash.size(), key.data(), SecretKey::kSize, nullptr, 0);
  return hex(hash.data(), kIdDigits / 2);
}

Failure wrong(const fs::path& file, size_t line, const std::string& what) {
  return fail(Code::kUnavailable, file.string() + ":" + std::to_string(line) + ": " + what +
                                      "; a line is an id, a space and 64 hexadecimal digits: bring the file back from "
                                      "where you keep a copy");
}

Result<MasterKey> parse_line(const fs::path& file, size_t number, std::string_view line) {
  MasterKey key;
  const bool shaped = line.size() == kIdDigits + 1 + kKeyDigits && line[kIdDigits] == ' ';
  size_t size = 0;
  const bool digits = shaped && sodium_hex2bin(key.key.data(), SecretKey::kSize, line.data() + kIdDigits + 1,
                                               kKeyDigits, nullptr, &size, nullptr) == 0;
  if (!digits || size != SecretKey::kSize) return wrong(file, number, "no key");
  key.id = line.substr(0, kIdDigits);
  if (key.id != id_of(key.key)) return wrong(file, number, "the key is not the one that its id " + key.id + " names");
  return key;
}

std::string text_of(const std::vector<MasterKey>& keys) {
  std::string text(kHeading);
  for (const MasterKey& each : keys) text += each.id + " " + hex(each.key.data(), SecretKey::kSize) + "\n";
  return text;
}

}  // namespace

MasterKey make_master_key() {
  MasterKey made;
  made.key = SecretKey::random();
  made.id = id_of(made.key);
  return made;
}

Result<std::vector<MasterKey>> read_key_file(const fs::path& file) {
  Result<std::string> text = read_file(file);
  if (!text) return Failure(text.error());
  std::vector<MasterKey> keys;
  size_t number = 0;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    Result<MasterKey> key = parse_line(file, number, line);
    if (!key) return Failure(key.error());
    keys.push_back(std::move(*key));
  }
  sodium_memzero(text->data(), text->size());
  if (keys.empty()) return wrong(file, number, "the file holds no key");
  return keys;
}

Result<std::vector<MasterKey>> make_key_file(const fs::path& file) {
  // Written whole beside its name and linked to it, which never takes another's place.
  fs::path beside = file;
  beside += "." + std::to_string(::getpid());
  if (Result<void> written = write_key_file(beside, {make_master_key()}); !written) return Failure(written.error());
  const bool linked = ::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST;
  const int error = errno;
  ::unlink(beside.c_str());
  if (!linked) {
    return fail(Code::kUnavailable, file.string() + ": cannot make the key file: " + std::strerror(error) +
                                        "; name another with --key-file");
  }
  if (const int rc = flush_folder(file.parent_path()); rc != 0) {
    return fail(Code::kUnavailable, file.string() + ": cannot flush its folder: " + std::strerror(rc));
  }
  return read_key_file(file);
}

Result<void> write_key_file(const fs::path& file, const std::vector<MasterKey>& keys) {
  std::string text = text_of(keys);
  Result<void> written = write_durably(file, text);
  sodium_memzero(text.data(), text.size());
  return written;
}

}  // namespace quanzu::store
