// Inputs as somebody might write them, drawn at random; mostly valid. tests/parity/spoil.h breaks
// them.
#pragma once

#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/json_value.h"
#include "tests/parity/random.h"

namespace candor::parity {

class Samples {
 public:
  // `naughty` are texts that programs tend to stumble over; REQUIRES: not empty.
  Samples(Random& random, const std::vector<std::string>& naughty)
      : random_(random), naughty_(naughty) {}

  std::string Text();
  std::string Uuid();

  JsonValue Config();
  JsonValue Environment();
  // Facts that suit the catalogue, with text fields filled by `text` when it is given.
  JsonValue Facts(const Catalogue& catalogue, const std::string* text = nullptr);
  // The catalogue's document with some of its fields, in some order.
  JsonValue CatalogueDocument(std::string_view json);
  // Families that the catalogue asks for, among others.
  std::string Exposition(const Catalogue& catalogue, const std::string* text = nullptr);
  std::string License();
  JsonValue State(const Catalogue& catalogue);

 private:
  JsonValue OwnConfig();
  JsonValue ConsoleConfig();
  JsonValue Consent(const Catalogue& catalogue);
  JsonValue Releases();
  JsonValue FieldValue(const Field& field, const std::string* text);
  std::string OpenKey(const KeyPattern& pattern);
  std::string Date(DatePrecision precision);
  std::string Family(const std::string& name, const std::vector<std::string>& labels,
                     const std::string* text);
  std::string Labels(const std::vector<std::string>& names, const std::string& more,
                     const std::string* text);

  Random& random_;
  const std::vector<std::string>& naughty_;
};

// The ids of components that configurations and facts draw from.
const std::vector<std::string>& ComponentIds();

}  // namespace candor::parity
