# Writes the C++ file that holds the console's files: cmake -DWEB=DIR -DOUT=FILE -P embed.cmake
file(GLOB names RELATIVE ${WEB} ${WEB}/*)
list(SORT names)
set(arrays "")
set(entries "")
set(index 0)
foreach(name ${names})
  file(READ ${WEB}/${name} hex HEX)
  file(SHA256 ${WEB}/${name} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr unsigned char kFile${index}[] = {${bytes}};\n")
  if(name STREQUAL "index.html")
    set(path "/")
  else()
    set(path "/assets/${name}")
  endif()
  if(name MATCHES "\\.html$")
    set(type "text/html; charset=utf-8")
  elseif(name MATCHES "\\.js$")
    set(type "text/javascript; charset=utf-8")
  elseif(name MATCHES "\\.css$")
    set(type "text/css; charset=utf-8")
  elseif(name MATCHES "\\.svg$")
    set(type "image/svg+xml")
  else()
    message(FATAL_ERROR "adapters/console/embed.cmake knows no content type for ${name}: add it there")
  endif()
  string(APPEND entries "    Asset{\"${path}\", \"${type}\", view(kFile${index}), \"\\\"${hash}\\\"\"},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUT} "// Made by adapters/console/embed.cmake.
#include \"adapters/console/assets.h\"

#include <array>

namespace quanzu::console {
namespace {

${arrays}
template <size_t size>
std::string_view view(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::span<const Asset> assets() {
  static const std::array kAssets = {
${entries}  };
  return kAssets;
}

}  // namespace quanzu::console
")
