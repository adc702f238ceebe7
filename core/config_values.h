// From what a statement says to a setting's typed value. Internal to core/config*.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/config_forms.h"

namespace candor {

class ValueReader {
 public:
  // Both are borrowed.
  ValueReader(const Variables& variables, Problems* problems)
      : variables_(variables), problems_(problems) {}

  // Sets the statement's setting in `config`, value and origin; false after adding problems.
  bool Read(const ConfigStatement& said, Config* config);

 private:
  // A value on its way: `json` may be a text that a placeholder stood for.
  struct Value {
    const JsonValue* json = nullptr;
    bool textual = false;
    std::string where;
    Position at;
    JsonValue resolved = {};
    std::string variable = {};  // The one it came from, "" otherwise.
  };

  // Puts the environment's text in the place of "${NAME:default}".
  bool Resolve(Value* value);

  bool Decode(const Value& value, Mode* out);
  bool Decode(const Value& value, bool* out);
  bool Decode(const Value& value, std::optional<bool>* out);
  bool Decode(const Value& value, std::int64_t* out);
  bool Decode(const Value& value, std::string* out);
  bool Decode(const Value& value, std::vector<std::string>* out);
  bool Decode(const Value& value, std::vector<ManagedRelease>* out);

  // A text of `least` to `most` bytes.
  bool ReadText(const Value& value, std::int64_t least, std::int64_t most, std::string* out);

  // Whether the setting takes it.
  bool CheckText(const Value& value, const std::string& text);

  // core/config_releases.cc
  void ReadRelease(const Value& value, ManagedRelease* release);
  void ReadComponents(const Value& value, ManagedRelease* release);
  void ReadComponent(const Value& value, ManagedComponent* component);
  // A text that may be missing, null or empty, which are alike; false when it is.
  bool ReadOptionalText(const Value& object, std::string_view key, std::string* out);
  void ReadUrl(const Value& object, std::string_view key, std::string* out);
  void CheckTexts(const Value& object, std::string_view key);
  void CheckKeys(const Value& object, std::span<const std::string_view> known);
  void CheckComponentIds(const Value& value, const ManagedRelease& release);
  void CheckReleaseNames(const Value& value, const std::vector<ManagedRelease>& releases);

  Value Member(const Value& object, const JsonMember& member) const;
  Value Item(const Value& array, std::size_t index) const;
  void Add(ErrorCode code, const Value& value, std::string message);
  // "must be <expected>, not a number".
  bool WrongType(const Value& value, std::string_view expected);

  const Variables& variables_;
  Problems* problems_;
  const ConfigStatement* said_ = nullptr;
  std::size_t components_ = 0;  // Of all releases read so far.
};

// The variables that placeholders of the document's settings name.
void AppendPlaceholders(const JsonValue& value, std::vector<std::string>* names);

}  // namespace candor
