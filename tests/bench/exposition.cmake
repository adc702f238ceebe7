# The exposition readers; their peers are built by run_exposition.sh.
find_package(benchmark REQUIRED)

add_executable(exposition_bench exposition_bench.cc)
target_link_libraries(exposition_bench PRIVATE candor_core benchmark::benchmark)

add_executable(exposition_input exposition_input.cc)
target_link_libraries(exposition_input PRIVATE candor_options)
