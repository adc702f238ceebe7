#include "core/catalogue_check.h"

#include <algorithm>
#include <string>

#include "core/json_members.h"
#include "core/text.h"

namespace candor {
namespace {

// One pointer of a list, with the place it was written at.
struct Listed {
  std::string_view pointer;
  std::string where;
  Position at;
  std::string_view key_pattern;  // Only where the pointer has a `*`.
};

// The pointer one step up; "" of what is no pointer, too, so that going up always ends.
std::string_view Parent(std::string_view pointer) {
  const std::size_t slash = pointer.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : pointer.substr(0, slash);
}

bool EndsOpen(std::string_view pointer) {
  return pointer.size() >= 2 && pointer.substr(pointer.size() - 2) == "/*";
}

// A pointer or one of the objects above it: what it says about the shape of the report.
struct Node {
  std::string_view pointer;
  std::size_t listed = 0;  // Index of the first pointer that says so.
  bool leaf = false;
};

bool ByPointer(const Node& a, const Node& b) {
  if (a.pointer != b.pointer) return a.pointer < b.pointer;
  return a.listed < b.listed;
}

std::vector<Node> NodesOf(const std::vector<Listed>& list) {
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::string_view pointer = list[i].pointer;
    for (bool leaf = true; !pointer.empty(); pointer = Parent(pointer), leaf = false) {
      nodes.push_back({pointer, i, leaf});
    }
  }
  std::sort(nodes.begin(), nodes.end(), ByPointer);
  return nodes;
}

void Conflict(const Listed& listed, std::string message, Problems& problems) {
  problems.Add({ErrorCode::kConflict, listed.where, std::move(message), listed.at});
}

// A pointer that is two values, or a value and an object.
void CheckLeaves(const std::vector<Listed>& list, const std::vector<Node>& nodes,
                 Problems& problems) {
  const Node* first = nodes.data();
  for (const Node& node : nodes) {
    if (first == &node || first->pointer != node.pointer) {
      first = &node;
      continue;
    }
    if (!first->leaf && !node.leaf) continue;
    const std::string other =
        '"' + std::string(list[first->listed].pointer) + "\" (" + list[first->listed].where + ')';
    Conflict(list[node.listed],
             first->leaf && node.leaf
                 ? "the same pointer stands at " + list[first->listed].where
                 : "one of this and " + other + " is a value, the other an object around it",
             problems);
  }
}

// A `*` beside named members, or two patterns for the keys of one object.
void CheckOpenKeys(const std::vector<Listed>& list, const std::vector<Node>& nodes,
                   Problems& problems) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!EndsOpen(nodes[i].pointer)) continue;
    if (i > 0 && nodes[i - 1].pointer == nodes[i].pointer) {
      const Listed& first = list[nodes[i - 1].listed];
      if (first.key_pattern != list[nodes[i].listed].key_pattern) {
        Conflict(list[nodes[i].listed],
                 "keys of one object need one keyPattern; " + first.where + " has another",
                 problems);
      }
      continue;
    }
    const std::string_view parent = Parent(nodes[i].pointer);
    for (const Node& node : nodes) {
      if (Parent(node.pointer) != parent || EndsOpen(node.pointer)) continue;
      Conflict(list[std::max(node.listed, nodes[i].listed)],
               "an object has either named members or open ones (`*`), not both: \"" +
                   std::string(node.pointer) + "\" and \"" + std::string(nodes[i].pointer) + '"',
               problems);
      break;
    }
  }
}

void CheckShape(const std::vector<Listed>& list, Problems& problems) {
  const std::vector<Node> nodes = NodesOf(list);
  CheckLeaves(list, nodes, problems);
  CheckOpenKeys(list, nodes, problems);
}

const JsonValue* Item(const JsonValue& document, std::string_view list, std::size_t index) {
  const JsonValue* items = document.Find(list);
  return items != nullptr && index < items->items().size() ? &items->items()[index] : nullptr;
}

Position PositionOf(const JsonValue* value, std::string_view key = {}) {
  if (value == nullptr) return {};
  const JsonValue* member = key.empty() ? value : value->Find(key);
  return member != nullptr ? member->at() : value->at();
}

std::vector<Listed> ListFields(const Catalogue& catalogue, const JsonValue& document) {
  std::vector<Listed> list;
  for (std::size_t i = 0; i < catalogue.fields.size(); ++i) {
    const Field& field = catalogue.fields[i];
    list.push_back({field.pointer, ItemPointer("/fields", i) + "/pointer",
                    PositionOf(Item(document, "fields", i), "pointer"), field.key_pattern.text});
  }
  return list;
}

// The points of a report stand in one array.
void CheckDataPoints(const Catalogue& catalogue, const JsonValue& document, Problems& problems) {
  bool seen = false;
  for (std::size_t i = 0; i < catalogue.fields.size(); ++i) {
    if (catalogue.fields[i].type != FieldType::kDataPoints) continue;
    if (seen) {
      problems.Add({ErrorCode::kConflict, ItemPointer("/fields", i) + "/type",
                    "another field holds the data points already",
                    PositionOf(Item(document, "fields", i), "type")});
    }
    seen = true;
  }
}

void CheckPurposes(const Catalogue& catalogue, const JsonValue& document, Problems& problems) {
  std::vector<std::string_view> known;
  for (const Purpose& purpose : catalogue.purposes) known.push_back(purpose.id);
  for (std::size_t i = 0; i < catalogue.fields.size(); ++i) {
    for (const std::string& id : catalogue.fields[i].purposes) {
      if (std::find(known.begin(), known.end(), id) != known.end()) continue;
      problems.Add({ErrorCode::kNotFound, ItemPointer("/fields", i) + "/purposes",
                    WithNearest('"' + id + "\" is not among the purposes", id, known),
                    PositionOf(Item(document, "fields", i), "purposes")});
    }
  }
}

class ProfileCheck {
 public:
  ProfileCheck(const Catalogue& catalogue, Problems& problems)
      : catalogue_(catalogue), problems_(problems) {
    for (const Field& field : catalogue.fields) pointers_.push_back(field.pointer);
  }

  void Check(const Profile& profile, const JsonValue* document, const std::string& where) {
    if (document == nullptr) return;
    CheckOrder(profile, *document, where);
    for (const Profile::Missing& missing : profile.missing) {
      MustExist(missing.pointer, where + "/missing" + PointerStep(missing.pointer),
                PositionOf(document, "missing"), false);
    }
    CheckObjects(profile.objects, where + "/objects", PositionOf(document, "objects"));
  }

  void CheckObjects(const std::vector<ObjectRule>& rules, const std::string& where, Position at) {
    for (const ObjectRule& rule : rules) {
      MustExist(rule.pointer, where + PointerStep(rule.pointer), at, true);
    }
  }

 private:
  void CheckOrder(const Profile& profile, const JsonValue& document, const std::string& where) {
    std::vector<Listed> list;
    std::vector<bool> placed(catalogue_.fields.size());
    for (const PlacedField& at : PlaceFields(catalogue_, profile)) {
      const bool fixed = at.field == kNoField;
      if (!fixed) placed[at.field] = true;
      list.push_back({fixed ? profile.order[at.place].pointer : catalogue_.fields[at.field].pointer,
                      ItemPointer(where + "/order", at.place),
                      PositionOf(Item(document, "order", at.place)),
                      fixed ? std::string_view() : catalogue_.fields[at.field].key_pattern.text});
    }
    for (std::size_t i = 0; i < profile.order.size(); ++i) {
      if (profile.order[i].always) continue;
      MustExist(profile.order[i].pointer, ItemPointer(where + "/order", i),
                PositionOf(Item(document, "order", i)), false);
    }
    CheckShape(list, problems_);
    for (std::size_t i = 0; i < placed.size(); ++i) {
      if (placed[i] || !catalogue_.fields[i].required) continue;
      problems_.Add({ErrorCode::kMissing, where + "/order",
                     "the required field \"" + catalogue_.fields[i].pointer + "\" is left out",
                     PositionOf(&document, "order")});
    }
  }

  // `beneath`: it must be an object around fields, not a field itself.
  void MustExist(const std::string& pointer, const std::string& where, Position at, bool beneath) {
    for (const Field& field : catalogue_.fields) {
      if (IsWithin(field.pointer, pointer) && !(beneath && field.pointer == pointer)) return;
    }
    std::string message = "no field has or stands beneath the pointer \"" + Quotable(pointer) + '"';
    problems_.Add(
        {ErrorCode::kNotFound, where,
         suggestions_-- > 0 ? WithNearest(std::move(message), pointer, pointers_) : message, at});
  }

  const Catalogue& catalogue_;
  Problems& problems_;
  std::vector<std::string_view> pointers_;
  // Comparing every wrong pointer with every right one would take long on hostile documents.
  int suggestions_ = 20;
};

}  // namespace

bool IsWithin(std::string_view pointer, std::string_view ancestor) {
  return pointer.substr(0, ancestor.size()) == ancestor &&
         (pointer.size() == ancestor.size() || pointer[ancestor.size()] == '/');
}

std::vector<PlacedField> PlaceFields(const Catalogue& catalogue, const Profile& profile) {
  const std::vector<Field>& fields = catalogue.fields;
  std::vector<bool> taken(fields.size());
  for (const Profile::Place& place : profile.order) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!place.always && fields[i].pointer == place.pointer) taken[i] = true;
    }
  }
  std::vector<PlacedField> placed;
  for (std::size_t p = 0; p < profile.order.size(); ++p) {
    const Profile::Place& place = profile.order[p];
    if (place.always) placed.push_back({p, kNoField});
    for (std::size_t i = 0; i < fields.size() && !place.always; ++i) {
      if (fields[i].pointer == place.pointer) {
        placed.push_back({p, i});
      } else if (!taken[i] && IsWithin(fields[i].pointer, place.pointer)) {
        taken[i] = true;
        placed.push_back({p, i});
      }
    }
  }
  return placed;
}

void CheckCatalogue(const Catalogue& catalogue, const JsonValue& document, Problems& problems) {
  CheckShape(ListFields(catalogue, document), problems);
  CheckDataPoints(catalogue, document, problems);
  CheckPurposes(catalogue, document, problems);
  ProfileCheck check(catalogue, problems);
  check.CheckObjects(catalogue.objects, "/objects", PositionOf(&document, "objects"));
  for (std::size_t i = 0; i < catalogue.profiles.size(); ++i) {
    check.Check(catalogue.profiles[i], Item(document, "profiles", i), ItemPointer("/profiles", i));
  }
}

}  // namespace candor
