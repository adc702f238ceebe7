# candor-core.wasm: a bare module without generated JavaScript.
set(candor_abi_functions
  candor_abi_version candor_alloc candor_free candor_perform
  candor_reply_status candor_reply_data candor_reply_size candor_reply_free)

add_executable(candor_linked_module bare.cc)
set_target_properties(candor_linked_module PROPERTIES OUTPUT_NAME linked SUFFIX .wasm)
target_compile_options(candor_linked_module PRIVATE -Oz)
target_link_libraries(candor_linked_module PRIVATE candor_abi candor_core)
list(TRANSFORM candor_abi_functions PREPEND _ OUTPUT_VARIABLE candor_symbols)
list(JOIN candor_symbols "," candor_symbols)
target_link_options(candor_linked_module PRIVATE
  -sSTANDALONE_WASM --no-entry
  "-sEXPORTED_FUNCTIONS=${candor_symbols}"
  # A symbol that nothing defines would become an import that no loader gives.
  -sERROR_ON_UNDEFINED_SYMBOLS=1
  -sALLOW_MEMORY_GROWTH=1
  -sINITIAL_MEMORY=1MB
  # A document of 64 MiB may need more than 1 GiB as a tree; addresses stay below 2^31.
  -sMAXIMUM_MEMORY=2GB
  -sTOTAL_STACK=256KB
  # The stack below the data: running over it traps instead of changing data.
  -Wl,--stack-first
  -O2)

# Emscripten exports more than it is asked to (its stack, errno, the function table): drop what
# nobody outside calls, and all that only those reached.
set(candor_graph ${CMAKE_CURRENT_BINARY_DIR}/exports.json)
set(candor_graph_nodes "")
foreach(name memory _initialize ${candor_abi_functions})
  list(APPEND candor_graph_nodes "{\"name\": \"${name}\", \"export\": \"${name}\", \"root\": true}")
endforeach()
list(JOIN candor_graph_nodes ",\n " candor_graph_nodes)
file(CONFIGURE OUTPUT ${candor_graph} CONTENT "[${candor_graph_nodes}]\n" @ONLY)

find_program(CANDOR_WASM_METADCE wasm-metadce REQUIRED)
set(candor_module ${CMAKE_CURRENT_BINARY_DIR}/candor-core.wasm)
add_custom_command(
  OUTPUT ${candor_module}
  COMMAND ${CANDOR_WASM_METADCE} $<TARGET_FILE:candor_linked_module> --graph-file ${candor_graph}
    -o ${candor_module} --quiet > ${CMAKE_CURRENT_BINARY_DIR}/dropped.txt
  DEPENDS candor_linked_module ${candor_graph}
  VERBATIM)
add_custom_target(candor_module ALL DEPENDS ${candor_module})
