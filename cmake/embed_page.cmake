# candor_embed_page(TARGET FUNCTION FOLDER): adds the files of the page in FOLDER to TARGET, as
# `std::span<const candor::PageFile> candor::FUNCTION()`. A folder that is not there is an empty
# page. Built again whenever a file comes, goes or changes.
find_program(CANDOR_BROTLI brotli)

function(candor_embed_page target function folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
  list(SORT files)
  list(TRANSFORM files PREPEND ${folder}/ OUTPUT_VARIABLE paths)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cc)
  list(JOIN files "," names)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${names}" -DFOLDER=${folder} -DFUNCTION=${function}
      -DOUTPUT=${output} -DBROTLI=$<$<BOOL:${CANDOR_BROTLI}>:${CANDOR_BROTLI}>
      -P ${PROJECT_SOURCE_DIR}/cmake/write_page.cmake
    DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/cmake/write_page.cmake
    VERBATIM)
  # The assembler reads the files, which the compiler's list of dependencies does not tell.
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${output})
endfunction()
