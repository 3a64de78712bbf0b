# Debian 12 packages; `./dev setup` installs them. Boost 1.81 EXACT: 1.74's -dev packages conflict with it.
find_package(Threads REQUIRED)
find_package(Boost 1.81 EXACT REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Protobuf REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(date REQUIRED)
find_package(rapidcheck REQUIRED)
find_library(LINEAR_LIBRARY linear REQUIRED)  # liblinear: no package file of its own
find_package(PkgConfig REQUIRED)
pkg_check_modules(hyperscan REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(lz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(icu IMPORTED_TARGET icu-uc icu-i18n)  # to make the normaliser's tables and to test them

# Boost as compiled once here, in adapters/boost_src.cc, rather than in each unit.
add_library(quanzu_boost INTERFACE)
target_compile_definitions(quanzu_boost INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                  BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(quanzu_boost INTERFACE Boost::headers Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
if(QUANZU_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(quanzu_boost INTERFACE -Wno-tsan)  # Asio has fences, which the sanitizer does not follow
endif()
