#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "native/host/c_texts.h"
#include "native/include/candor/candor.h"
#include "native/include/candor/telemetry.h"

namespace {

using candor::Copy, candor::Lines, candor::Text;

candor::TelemetryOptions OptionsOf(const candor_options& options) {
  candor::TelemetryOptions made;
  made.config_files = Lines(options.config_files);
  made.config = Text(options.config);
  made.catalogue_file = Text(options.catalogue_file);
  made.state_folder = Text(options.state_folder);
  made.state_database = Text(options.state_database);
  made.read_environment = options.ignore_environment == 0;
  if (options.stop_ms > 0) made.stop_ms = options.stop_ms;
  if (options.log != nullptr) {
    made.log = [log = options.log,
                context = options.log_context](const candor::TelemetryLogLine& line) {
      const std::string id(line.id), message(line.message), json(line.json);
      log(context, line.level, id.c_str(), message.c_str(), json.c_str());
    };
  }
  return made;
}

}  // namespace

extern "C" {

candor_telemetry* candor_new(const candor_options* options) {
  try {
    return new candor_telemetry(options == nullptr ? candor::TelemetryOptions()
                                                   : OptionsOf(*options));
  } catch (...) {
    return nullptr;
  }
}

void candor_free(candor_telemetry* telemetry) { delete telemetry; }

uint32_t candor_command(candor_telemetry* telemetry, const char* class_name) {
  return telemetry == nullptr ? UINT32_MAX : telemetry->telemetry.Command(Text(class_name)).index;
}

uint32_t candor_metric(candor_telemetry* telemetry, const char* name) {
  return telemetry == nullptr ? UINT32_MAX : telemetry->telemetry.Metric(Text(name)).index;
}

uint32_t candor_counter_at(candor_telemetry* telemetry, const char* pointer) {
  return telemetry == nullptr ? UINT32_MAX : telemetry->telemetry.At(Text(pointer)).index;
}

void candor_add(candor_telemetry* telemetry, uint32_t counter, uint64_t n) {
  if (telemetry != nullptr) telemetry->telemetry.Add({counter}, n);
}

void candor_see_task_worker(candor_telemetry* telemetry, const char* name) {
  if (telemetry != nullptr) telemetry->telemetry.SeeTaskWorker(Text(name));
}

void candor_set_product(candor_telemetry* telemetry, const char* name, const char* version,
                        const char* edition) {
  if (telemetry != nullptr) {
    telemetry->telemetry.SetProduct(Text(name), Text(version), Text(edition));
  }
}

void candor_set_database(candor_telemetry* telemetry, const char* vendor, const char* version) {
  if (telemetry != nullptr) telemetry->telemetry.SetDatabase(Text(vendor), Text(version));
}

void candor_set_application_server(candor_telemetry* telemetry, const char* server_info) {
  if (telemetry != nullptr) telemetry->telemetry.SetApplicationServer(Text(server_info));
}

void candor_set_jdk(candor_telemetry* telemetry, const char* vendor, const char* version) {
  if (telemetry != nullptr) telemetry->telemetry.SetJdk(Text(vendor), Text(version));
}

void candor_add_integration(candor_telemetry* telemetry, const char* name) {
  if (telemetry != nullptr) telemetry->telemetry.AddIntegration(Text(name));
}

void candor_add_webapp(candor_telemetry* telemetry, const char* name) {
  if (telemetry != nullptr) telemetry->telemetry.AddWebapp(Text(name));
}

void candor_set_license_key(candor_telemetry* telemetry, const char* key) {
  if (telemetry != nullptr) telemetry->telemetry.SetLicenseKey(Text(key));
}

void candor_remove_license_key(candor_telemetry* telemetry) {
  if (telemetry != nullptr) telemetry->telemetry.RemoveLicenseKey();
}

void candor_set_installation(candor_telemetry* telemetry, const char* uuid) {
  if (telemetry != nullptr) telemetry->telemetry.SetInstallation(Text(uuid));
}

int candor_set_fact(candor_telemetry* telemetry, const char* pointer, const char* json) {
  return telemetry != nullptr && telemetry->telemetry.SetFact(Text(pointer), Text(json)) ? 1 : 0;
}

int candor_start(candor_telemetry* telemetry) {
  return telemetry != nullptr && telemetry->telemetry.Start() ? 1 : 0;
}

void candor_stop(candor_telemetry* telemetry) {
  if (telemetry != nullptr) telemetry->telemetry.Stop();
}

int candor_toggle(candor_telemetry* telemetry, int enabled, const char* who) {
  return telemetry != nullptr && telemetry->telemetry.Toggle(enabled != 0, Text(who)) ? 1 : 0;
}

char* candor_preview(candor_telemetry* telemetry) {
  return telemetry == nullptr ? nullptr : Copy(telemetry->telemetry.Preview());
}

char* candor_status(candor_telemetry* telemetry) {
  return telemetry == nullptr ? nullptr : Copy(telemetry->telemetry.Status());
}

void candor_text_free(char* text) { std::free(text); }

}  // extern "C"
