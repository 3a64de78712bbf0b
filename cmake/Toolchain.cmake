# Language, warnings, sanitizers, linker and cache: what every target shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

find_program(QUANZU_CCACHE ccache)
if(QUANZU_CCACHE)
  # Precompiled headers need these; NOHASHDIR lets several checkouts share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${QUANZU_CCACHE})
endif()

find_program(QUANZU_MOLD mold)
if(QUANZU_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# The repository root is the only include root: engine/signal.h must never shadow libc's <signal.h>.
include_directories(${PROJECT_SOURCE_DIR})
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wno-deprecated-declarations)  # libstdc++ 12's stable_sort uses what it deprecates
endif()
# State holds no floating point, but measures do: the same digits in debug and release.
add_compile_options(-ffp-contract=off)

if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  # -O0: Beast takes 178 s a unit at -O1 under sanitizers, 33 s here.
  add_compile_options(-O0 -g1 -fno-omit-frame-pointer)
  if(QUANZU_FUZZ)
    add_compile_options(-O1)  # no Beast there, and twice the executions
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fno-var-tracking-assignments)
  endif()
else()
  # Hyperscan needs SSSE3 and the hash instructions; x86-64-v2 is what any server since 2009 has.
  add_compile_options(-O3 -march=x86-64-v2 -mtune=generic -g1)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 sees these in its own std::string and std::variant where they are not (GCC bugs 105329, 105651, 105562).
    add_compile_options(-Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized)
  endif()
endif()

if(QUANZU_SANITIZE)
  add_compile_options(-fsanitize=${QUANZU_SANITIZE})
  add_link_options(-fsanitize=${QUANZU_SANITIZE})
  if(QUANZU_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
if(QUANZU_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
endif()

# quanzu_pch(TARGET HEADER): one precompiled header for a folder.
function(quanzu_pch target header)
  if(QUANZU_PCH)
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/${header})
  endif()
endfunction()
