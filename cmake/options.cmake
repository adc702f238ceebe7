# candor_options: what every target of ours is compiled with. Nothing global.
add_library(candor_options INTERFACE)
target_compile_features(candor_options INTERFACE cxx_std_20)
target_include_directories(candor_options INTERFACE ${PROJECT_SOURCE_DIR})
# Warnings are ours to mend: a product that embeds the library keeps its own.
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(candor_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> -Werror
    # At -O3 GCC 12 sees overlapping copies in "text" + string, wrongly (its bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
endif()
target_compile_options(candor_options INTERFACE
  # One build folder's path must not show in a binary: builds are reproducible.
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)

if(CANDOR_SANITIZE STREQUAL "address")
  set(candor_sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all)
elseif(CANDOR_SANITIZE STREQUAL "thread")
  set(candor_sanitizers -fsanitize=thread)
elseif(NOT CANDOR_SANITIZE STREQUAL "")
  message(FATAL_ERROR "CANDOR_SANITIZE is '${CANDOR_SANITIZE}'; use address, thread or nothing")
endif()
if(candor_sanitizers AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC's manual: with a sanitizer this warning has false positives; here, in std::variant's moves.
  target_compile_options(candor_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(CANDOR_FUZZ)
  # Coverage feedback in every target; the libFuzzer main only in the fuzz targets.
  list(APPEND candor_sanitizers -fsanitize=fuzzer-no-link)
endif()
if(CANDOR_COVERAGE)
  list(APPEND candor_sanitizers --coverage -fno-inline)
endif()
target_compile_options(candor_options INTERFACE ${candor_sanitizers})
target_link_options(candor_options INTERFACE ${candor_sanitizers})

# nlohmann/json by itself: under Emscripten /usr/include as a whole would bring the host's libc.
find_path(CANDOR_NLOHMANN_DIR nlohmann/json.hpp PATHS /usr/include NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/third_party)
file(CREATE_LINK ${CANDOR_NLOHMANN_DIR}/nlohmann ${PROJECT_BINARY_DIR}/third_party/nlohmann SYMBOLIC)
add_library(candor_nlohmann INTERFACE)
target_include_directories(candor_nlohmann SYSTEM INTERFACE ${PROJECT_BINARY_DIR}/third_party)
