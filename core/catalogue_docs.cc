#include "core/catalogue_docs.h"

#include <algorithm>
#include <string_view>

#include "core/json_writer.h"

namespace candor {
namespace {

// Characters that Markdown reads as markup within a line; a `|` would end a cell.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|~&").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// A code span, fenced by more back quotes than stand in a row in the text. A `|` would end the cell
// even there.
std::string Code(std::string_view text) {
  std::string fence = "`";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  std::string code = fence.size() > 1 ? fence + ' ' : fence;
  for (const char c : text) {
    if (c == '|') code += '\\';
    code += c;
  }
  return code + (fence.size() > 1 ? ' ' + fence : fence);
}

// The value as JSON in one line.
std::string OneLine(const JsonValue& value) {
  const std::string printed = WriteJson(value);
  std::string line;
  for (std::size_t i = 0; i < printed.size(); ++i) {
    if (printed[i] != '\n') {
      line += printed[i];
      continue;
    }
    const bool after_comma = i > 0 && printed[i - 1] == ',';
    while (i + 1 < printed.size() && printed[i + 1] == ' ') ++i;
    if (after_comma) line += ' ';
  }
  return line;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) {
    joined.append(joined.empty() ? "" : ", ").append(Code(word));
  }
  return joined;
}

std::string MissingText(const Field& field) {
  if (field.required) return "required";
  switch (field.missing) {
    case MissingRule::kOmit:
      return "left out";
    case MissingRule::kNull:
      return Code("null");
    case MissingRule::kLiteral:
      return Code(OneLine(field.literal));
  }
  return {};
}

std::string TypeText(const Field& field) {
  std::string type(Name(field.type));
  if (field.type == FieldType::kDate) type.append(", ").append(Name(field.precision));
  return type;
}

class Docs {
 public:
  std::string Write(const Catalogue& catalogue) {
    Lines({"# " + Escaped(catalogue.title), "", Escaped(catalogue.description), "",
           "Catalogue " + Code(catalogue.name) + ", version " + Escaped(catalogue.version) +
               (catalogue.profile.empty() ? "" : ", profile " + Code(catalogue.profile)) + '.'});
    Lines({"", "## Purposes", ""});
    for (const Purpose& purpose : catalogue.purposes) {
      Lines({"- " + Code(purpose.id) + ": " + Escaped(purpose.description)});
    }
    Fields(catalogue);
    for (const Field& field : catalogue.fields) {
      if (!field.points.empty()) Points(field);
    }
    Profiles(catalogue);
    return std::move(text_);
  }

 private:
  void Lines(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) text_.append(line).append("\n");
  }

  void Row(const std::vector<std::string>& cells) {
    text_ += '|';
    for (const std::string& cell : cells) text_.append(" ").append(cell).append(" |");
    text_ += '\n';
  }

  void Header(const std::vector<std::string>& cells) {
    Row(cells);
    Row(std::vector<std::string>(cells.size(), "---"));
  }

  void Fields(const Catalogue& catalogue) {
    Lines({"", "## Fields", ""});
    Header({"Field", "Group", "Type", "What it is", "Why", "Purposes", "Example", "Since",
            "Sensitivity", "Can be withheld", "When unknown"});
    for (const Field& field : catalogue.fields) {
      if (field.fixed) {
        Row({Code(field.pointer), "", "", "Always " + Code(OneLine(field.literal)) + '.', "", "",
             "", "", "", "", ""});
        continue;
      }
      Row({Code(field.pointer), std::string(Name(field.group)), TypeText(field),
           Escaped(field.title) + ". " + Escaped(field.description), Escaped(field.why),
           Joined(field.purposes),
           field.points.empty() ? Code(OneLine(field.example)) : "see below", Escaped(field.since),
           field.sensitivity, field.may_withhold ? "yes" : "no", MissingText(field)});
    }
  }

  void Points(const Field& field) {
    Lines({"", "## Keys of " + Code(field.pointer), ""});
    Header({"Key", "Kind", "Components", "Labels", "What it is", "Why", "Unit", "Since"});
    for (const PointRule& point : field.points) {
      Row({Code(point.key) + (point.count_and_sum ? " with its count and sum" : ""),
           std::string(Name(point.kind)), Joined(point.components), Joined(point.labels),
           Escaped(point.title) + ". " + Escaped(point.description), Escaped(point.why),
           Escaped(point.unit), Escaped(point.since)});
    }
  }

  void Profiles(const Catalogue& catalogue) {
    if (catalogue.profiles.empty()) return;
    Lines({"", "## Profiles", ""});
    for (const Profile& profile : catalogue.profiles) {
      Lines({"- " + Code(profile.name) + ": " + Escaped(profile.description)});
    }
  }

  std::string text_;
};

}  // namespace

std::string CatalogueDocs(const Catalogue& catalogue) { return Docs().Write(catalogue); }

}  // namespace candor
