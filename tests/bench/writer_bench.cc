// Report writing, 100,000 data points: our writer against rapidjson and nlohmann, all to the same
// bytes, with the distance to memcpy and to SHA-256 alone.
#include <openssl/evp.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "core/json_writer.h"
#include "core/sha256.h"
#include "tests/bench/points.h"
#include "tests/bench/ratios.h"

namespace candor {
namespace {

const std::vector<Point>& Points() {
  static const std::vector<Point> points = SamplePoints(100'000);
  return points;
}

// ---- ours

void WriteEntity(JsonWriter& writer, std::string_view type, std::string_view id) {
  writer.BeginObject();
  writer.Key("type");
  writer.String(type);
  writer.Key("id");
  writer.String(id);
  writer.EndObject();
}

void WritePoint(JsonWriter& writer, const Point& point) {
  writer.BeginObject();
  writer.Key("entities");
  writer.BeginArray();
  WriteEntity(writer, "cluster", point.cluster);
  WriteEntity(writer, "component", point.component);
  writer.EndArray();
  writer.Key("key");
  writer.String(point.key);
  writer.Key("type");
  writer.Integer(0);
  if (!point.tags.empty()) {
    writer.Key("tags");
    writer.BeginObject();
    for (const auto& [name, value] : point.tags) {
      writer.Key(name);
      writer.String(value);
    }
    writer.EndObject();
  }
  writer.Key("transferredValue");
  writer.String(point.value);
  writer.Key("value");
  writer.String(point.value);
  writer.Key("tsFrom");
  writer.Integer(point.ts_from);
  writer.EndObject();
}

void WriteOurs(Sink& sink) {
  JsonWriter writer(sink);
  writer.BeginObject();
  writer.Key("dataPoints");
  writer.BeginArray();
  for (const Point& point : Points()) WritePoint(writer, point);
  writer.EndArray();
  writer.EndObject();
  writer.Finish();
}

// ---- rapidjson

template <typename Writer>
void PutText(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

template <typename Writer>
void PutKey(Writer& writer, std::string_view text) {
  writer.Key(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

template <typename Writer>
void PutEntity(Writer& writer, std::string_view type, std::string_view id) {
  writer.StartObject();
  PutKey(writer, "type");
  PutText(writer, type);
  PutKey(writer, "id");
  PutText(writer, id);
  writer.EndObject();
}

template <typename Writer>
void PutPoint(Writer& writer, const Point& point) {
  writer.StartObject();
  PutKey(writer, "entities");
  writer.StartArray();
  PutEntity(writer, "cluster", point.cluster);
  PutEntity(writer, "component", point.component);
  writer.EndArray();
  PutKey(writer, "key");
  PutText(writer, point.key);
  PutKey(writer, "type");
  writer.Int64(0);
  if (!point.tags.empty()) {
    PutKey(writer, "tags");
    writer.StartObject();
    for (const auto& [name, value] : point.tags) {
      PutKey(writer, name);
      PutText(writer, value);
    }
    writer.EndObject();
  }
  PutKey(writer, "transferredValue");
  PutText(writer, point.value);
  PutKey(writer, "value");
  PutText(writer, point.value);
  PutKey(writer, "tsFrom");
  writer.Int64(point.ts_from);
  writer.EndObject();
}

template <typename Writer>
void PutReport(Writer& writer) {
  writer.StartObject();
  PutKey(writer, "dataPoints");
  writer.StartArray();
  for (const Point& point : Points()) PutPoint(writer, point);
  writer.EndArray();
  writer.EndObject();
}

void WriteRapidjson(rapidjson::StringBuffer& out) {
  rapidjson::PrettyWriter writer(out);
  writer.SetIndent(' ', 2);
  PutReport(writer);
}

// One line, without the indentation: other bytes, but the writer that rapidjson is known for.
void WriteRapidjsonCompact(rapidjson::StringBuffer& out) {
  rapidjson::Writer writer(out);
  PutReport(writer);
}

// ---- nlohmann

nlohmann::ordered_json BuildNlohmann() {
  auto points = nlohmann::ordered_json::array();
  for (const Point& point : Points()) {
    nlohmann::ordered_json item;
    item["entities"] = {{{"type", "cluster"}, {"id", point.cluster}},
                        {{"type", "component"}, {"id", point.component}}};
    item["key"] = point.key;
    item["type"] = 0;
    for (const auto& [name, value] : point.tags) item["tags"][name] = value;
    item["transferredValue"] = point.value;
    item["value"] = point.value;
    item["tsFrom"] = point.ts_from;
    points.push_back(std::move(item));
  }
  return {{"dataPoints", std::move(points)}};
}

const nlohmann::ordered_json& Document() {
  static const nlohmann::ordered_json document = BuildNlohmann();
  return document;
}

// ---- sinks and anchors

class OpensslSink : public Sink {
 public:
  OpensslSink() { EVP_DigestInit_ex(context_, EVP_sha256(), nullptr); }
  ~OpensslSink() override { EVP_MD_CTX_free(context_); }
  OpensslSink(const OpensslSink&) = delete;
  OpensslSink& operator=(const OpensslSink&) = delete;
  void Write(std::string_view bytes) override {
    EVP_DigestUpdate(context_, bytes.data(), bytes.size());
  }
  Sha256::Digest Finish() {
    Sha256::Digest digest;
    EVP_DigestFinal_ex(context_, digest.data(), nullptr);
    return digest;
  }

 private:
  EVP_MD_CTX* context_ = EVP_MD_CTX_new();
};

const std::string& Expected() {
  static const std::string expected = [] {
    StringSink sink;
    WriteOurs(sink);
    return std::move(sink).text();
  }();
  return expected;
}

Sha256::Digest OpensslDigest(std::string_view bytes) {
  OpensslSink sink;
  sink.Write(bytes);
  return sink.Finish();
}

void Register(const char* name, const std::function<void()>& work) {
  benchmark::RegisterBenchmark(name, [work](benchmark::State& state) {
    for (auto _ : state) work();
    state.counters["bytes"] = static_cast<double>(Expected().size());
  });
}

void RegisterAll() {
  Register("candor writer, to a sink", [] {
    NullSink sink;
    WriteOurs(sink);
    benchmark::DoNotOptimize(sink.size());
  });
  Register("candor writer, to a string", [] {
    StringSink sink;
    WriteOurs(sink);
    benchmark::DoNotOptimize(sink.text().data());
  });
  Register("candor writer and OpenSSL SHA-256", [] {
    OpensslSink sink;
    WriteOurs(sink);
    benchmark::DoNotOptimize(sink.Finish());
  });
  Register("rapidjson PrettyWriter", [] {
    rapidjson::StringBuffer out;
    WriteRapidjson(out);
    benchmark::DoNotOptimize(out.GetString());
  });
  Register("rapidjson Writer (no indentation)", [] {
    rapidjson::StringBuffer out;
    WriteRapidjsonCompact(out);
    benchmark::DoNotOptimize(out.GetString());
  });
  Register("nlohmann dump", [] { benchmark::DoNotOptimize(Document().dump(2)); });
  Register("nlohmann build and dump", [] { benchmark::DoNotOptimize(BuildNlohmann().dump(2)); });
  Register("OpenSSL SHA-256 alone", [] { benchmark::DoNotOptimize(OpensslDigest(Expected())); });
  Register("candor SHA-256 alone (portable)", [] {
    Sha256 hash;
    hash.Update(Expected());
    benchmark::DoNotOptimize(hash.Finish());
  });
  Register("memcpy", [] {
    static std::string copy(Expected().size(), ' ');
    std::memcpy(copy.data(), Expected().data(), copy.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  });
}

bool SameBytes() {
  rapidjson::StringBuffer rapid;
  WriteRapidjson(rapid);
  Sha256 hash;
  hash.Update(Expected());
  return Expected() == std::string(rapid.GetString(), rapid.GetSize()) + "\n" &&
         Expected() == Document().dump(2) + "\n" && hash.Finish() == OpensslDigest(Expected());
}

void PrintMemory(const char* name, const std::function<void()>& work) {
  std::printf("%-44s %9.2f MB at most\n", name, static_cast<double>(PeakMemoryOf(work)) / 1e6);
}

void PrintAllMemory() {
  PrintMemory("candor writer, to a sink", [] {
    NullSink sink;
    WriteOurs(sink);
  });
  PrintMemory("rapidjson PrettyWriter", [] {
    rapidjson::StringBuffer out;
    WriteRapidjson(out);
  });
  PrintMemory("nlohmann build and dump", [] { BuildNlohmann().dump(2); });
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  candor::Points();
  candor::PrintAllMemory();
  if (!candor::SameBytes()) {
    std::fprintf(stderr, "the writers differ: nothing to compare\n");
    return 1;
  }
  std::printf("all writers agree on %zu bytes\n\n", candor::Expected().size());
  candor::RegisterAll();
  return candor::RunRatios(argc, argv,
                           {{"candor writer, to a sink", "rapidjson PrettyWriter", 4},
                            {"candor writer, to a sink", "rapidjson Writer (no indentation)", 0},
                            {"candor writer, to a sink", "nlohmann dump", 10},
                            {"candor writer, to a sink", "nlohmann build and dump", 0},
                            {"candor writer, to a string", "rapidjson PrettyWriter", 0},
                            {"candor writer and OpenSSL SHA-256", "OpenSSL SHA-256 alone", 0.85},
                            {"candor writer, to a sink", "memcpy", 0},
                            {"candor SHA-256 alone (portable)", "OpenSSL SHA-256 alone", 0}});
}
