/* Candor for a host program in any language: the C ABI over candor/telemetry.h.
 *
 * (1) Texts are UTF-8 and end in NUL; they are borrowed for the call. NULL means "".
 * (2) A handle may be NULL everywhere: the call does nothing. candor_new returns NULL only for lack
 *     of memory, so a host need never check.
 * (3) Texts that are returned belong to the caller until candor_text_free; NULL when there is none.
 * (4) All calls are safe from any thread, before start, after stop and in the child of a fork; only
 *     candor_free must be the last one.
 */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct candor_telemetry candor_telemetry;

/* level: 0 debug, 1 information, 2 warning. id: "CANDOR-008". json: the whole line as JSON. */
typedef void (*candor_log)(void* context, int level, const char* id, const char* message,
                           const char* json);

/* Zero all of it, and set what is needed. */
typedef struct candor_options {
  const char* config_files;   /* Paths, separated by line feeds. */
  const char* config;         /* A JSON document that wins over the files. */
  const char* catalogue_file; /* NULL for the built-in one that the configuration names. */
  const char* state_folder;   /* NULL for the default. */
  int ignore_environment;     /* DO_NOT_TRACK counts all the same. */
  int64_t stop_ms;            /* 0 for the default of 1500. */
  candor_log log;
  void* log_context;
  const char* state_database; /* As in candor/telemetry.h; NULL for the default. */
} candor_options;

candor_telemetry* candor_new(const candor_options* options);
void candor_free(candor_telemetry* telemetry);

/* Counters: made once from a name, then added to. UINT32_MAX counts nothing. */
uint32_t candor_command(candor_telemetry* telemetry, const char* class_name);
uint32_t candor_metric(candor_telemetry* telemetry, const char* name);
uint32_t candor_counter_at(candor_telemetry* telemetry, const char* pointer);
void candor_add(candor_telemetry* telemetry, uint32_t counter, uint64_t n);
void candor_see_task_worker(candor_telemetry* telemetry, const char* name);

/* Facts; see candor/telemetry.h. */
void candor_set_product(candor_telemetry* telemetry, const char* name, const char* version,
                        const char* edition);
void candor_set_database(candor_telemetry* telemetry, const char* vendor, const char* version);
void candor_set_application_server(candor_telemetry* telemetry, const char* server_info);
void candor_set_jdk(candor_telemetry* telemetry, const char* vendor, const char* version);
void candor_add_integration(candor_telemetry* telemetry, const char* name);
void candor_add_webapp(candor_telemetry* telemetry, const char* name);
void candor_set_license_key(candor_telemetry* telemetry, const char* key);
void candor_remove_license_key(candor_telemetry* telemetry);
void candor_set_installation(candor_telemetry* telemetry, const char* uuid);
/* 0 when `json` is not JSON. */
int candor_set_fact(candor_telemetry* telemetry, const char* pointer, const char* json);

/* 1 when the reporter runs. */
int candor_start(candor_telemetry* telemetry);
void candor_stop(candor_telemetry* telemetry);
/* 1 when the decision is recorded. */
int candor_toggle(candor_telemetry* telemetry, int enabled, const char* who);
char* candor_preview(candor_telemetry* telemetry);
char* candor_status(candor_telemetry* telemetry);
void candor_text_free(char* text);

/* The admin API and page, for hosts that link candor::admin, too; see candor/admin.h. */

typedef struct candor_admin candor_admin;
/* Both only within the check. */
typedef struct candor_admin_request candor_admin_request;
typedef struct candor_admin_identity candor_admin_identity;

/* "" when there is none, or several. Borrowed for the check. */
const char* candor_admin_header(const candor_admin_request* request, const char* name);
const char* candor_admin_method(const candor_admin_request* request);
const char* candor_admin_target(const candor_admin_request* request);
/* An address, or "unix". */
const char* candor_admin_peer(const candor_admin_request* request);

/* Who asks; who is not named is nobody. */
void candor_admin_name(candor_admin_identity* identity, const char* user);
void candor_admin_group(candor_admin_identity* identity, const char* group);

/* Called for every request, from several threads at once. */
typedef void (*candor_admin_check)(void* context, const candor_admin_request* request,
                                   candor_admin_identity* identity);

/* Zero all of it, and set what is needed. Lists are separated by line feeds. */
typedef struct candor_admin_options {
  const char* listen; /* "127.0.0.1:PORT", "unix:/PATH"; port 0 for any. */
  const char* certificate_file;
  const char* key_file;
  const char* hosts;
  const char* superusers;
  const char* superuser_groups; /* NULL for "camunda-admin". */
  candor_admin_check check;     /* NULL for local accounts. */
  void* check_context;
} candor_admin_options;

/* Listens until candor_admin_stop, which comes before candor_free. NULL, with why in `*why` (NULL,
 * or a text for candor_text_free), when it cannot. */
candor_admin* candor_admin_start(candor_telemetry* telemetry, const candor_admin_options* options,
                                 char** why);
void candor_admin_stop(candor_admin* admin);
char* candor_admin_url(candor_admin* admin);
/* With which the first local account is made, once; NULL when there is one, or a check. */
char* candor_admin_setup_link(candor_admin* admin);

#ifdef __cplusplus
}
#endif
