# peercert::scan and the libraries that it stands on.

find_path(asio_include asio.hpp REQUIRED)
# Archives where there are any: each shared library would cost every start of the program half a
# millisecond, whether it scans or not. Those who link the installed library get their own choice.
find_library(CARES_LIBRARY NAMES libcares.a cares)
find_library(SQLite3_LIBRARY NAMES libsqlite3.a sqlite3)
find_library(ZSTD_LIBRARY NAMES libzstd.a zstd)
find_package(CARES REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZSTD REQUIRED)

# Asio's coroutines and timers, without Boost and without what is deprecated in it.
add_library(peercert_asio INTERFACE)
target_include_directories(peercert_asio SYSTEM INTERFACE ${asio_include})
target_compile_definitions(peercert_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15)
  # It has C++20's coroutines and does not say so, which g++'s library and Asio look for.
  target_compile_definitions(peercert_asio INTERFACE
    __cpp_impl_coroutine=201902L ASIO_HAS_CO_AWAIT ASIO_HAS_STD_COROUTINE)
  # Its prologue of functions is not one that a coroutine's parts can have (LLVM issue 49689).
  target_compile_options(peercert_asio INTERFACE -fno-sanitize=function)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 takes Asio's own operator new of a coroutine's frame for another once it is inlined.
  target_compile_options(peercert_asio INTERFACE -Wno-mismatched-new-delete)
endif()

add_folder(http
  metrics_request.cpp
  metrics_server.cpp
)
add_folder(scan
  capture/issuer_cache.cpp
  capture/observer.cpp
  job/checkpoint.cpp
  job/content_digest.cpp
  job/file_uses.cpp
  job/finished_targets.cpp
  job/metrics.cpp
  job/network_lists.cpp
  job/scan_job.cpp
  job/scan_state.cpp
  job/writer.cpp
  loop/connect.cpp
  loop/descriptors.cpp
  loop/flight_limits.cpp
  loop/probe.cpp
  loop/resolver.cpp
  loop/scanner.cpp
  loop/start_tls_conversation.cpp
  loop/wait.cpp
  outputs/certificate_store.cpp
  outputs/csv_sink.cpp
  outputs/digest_set.cpp
  outputs/file_lock.cpp
  outputs/file_output.cpp
  outputs/line_sinks.cpp
  outputs/outputs.cpp
  outputs/own_file.cpp
  outputs/sqlite_database.cpp
  outputs/sqlite_sink.cpp
  outputs/sqlite_values.cpp
  outputs/text_sink.cpp
  records/fields.cpp
  records/record.cpp
  records/record_columns.cpp
  records/record_json.cpp
  records/record_view.cpp
  starttls/plain_buffer.cpp
  starttls/start_tls.cpp
  starttls/start_tls_binary.cpp
  starttls/start_tls_dialogue.cpp
  starttls/start_tls_text.cpp
  starttls/start_tls_xmpp.cpp
  targets/address_network.cpp
  targets/csv_reader.cpp
  targets/descriptor_input.cpp
  targets/json_field.cpp
  targets/line_reader.cpp
  targets/networks.cpp
  targets/target_line.cpp
  targets/target_source.cpp
)
add_component(scan http scan)
foreach(folder http scan)
  target_link_libraries(peercert_${folder}_folder PRIVATE
    peercert_asio OpenSSL::SSL OpenSSL::Crypto CARES::CARES SQLite::SQLite3 ZSTD::ZSTD)
endforeach()
target_link_libraries(peercert_scan PUBLIC peercert_ssl
  PRIVATE CARES::CARES SQLite::SQLite3 ZSTD::ZSTD Threads::Threads)
# RapidJSON 1.1.0 adds to null pointers.
set_source_files_properties(src/scan/targets/json_field.cpp
  PROPERTIES COMPILE_OPTIONS -fno-sanitize=pointer-overflow)
