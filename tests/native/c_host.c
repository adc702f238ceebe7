/* A small server in C that embeds Candor, with users of its own: the header X-Shop-User names one.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "native/include/candor/candor.h"

static void check(void* context, const candor_admin_request* request,
                  candor_admin_identity* identity) {
  const char* user = candor_admin_header(request, "X-Shop-User");
  (void)context;
  if (strcmp(user, "ada") == 0) candor_admin_group(identity, "shop-admins");
  if (user[0] != '\0' && strcmp(candor_admin_peer(request), "127.0.0.1") == 0) {
    candor_admin_name(identity, user);
  }
}

/* The state folder is the argument. Says where it listens, and ends with its input. */
int main(int count, char** words) {
  candor_options options;
  candor_admin_options admin_options;
  candor_telemetry* telemetry;
  candor_admin* admin;
  char *url, *why = NULL;
  if (count != 2) return 1;
  signal(SIGPIPE, SIG_IGN);
  memset(&options, 0, sizeof(options));
  options.config = "{\"mode\": \"online\", \"endpoint\": \"http://127.0.0.1:9/\"}";
  options.state_folder = words[1];
  options.ignore_environment = 1;
  telemetry = candor_new(&options);
  candor_set_product(telemetry, "Shop", "2.1.0", "community");
  memset(&admin_options, 0, sizeof(admin_options));
  admin_options.listen = "127.0.0.1:0";
  admin_options.superuser_groups = "shop-admins\nothers";
  admin_options.check = check;
  admin = candor_admin_start(telemetry, &admin_options, &why);
  if (admin == NULL) {
    fprintf(stderr, "%s\n", why == NULL ? "no memory" : why);
    candor_text_free(why);
    candor_free(telemetry);
    return 1;
  }
  url = candor_admin_url(admin);
  printf("%s\n", url);
  fflush(stdout);
  candor_text_free(url);
  while (getchar() != EOF) {
  }
  candor_admin_stop(admin);
  candor_free(telemetry);
  return 0;
}
