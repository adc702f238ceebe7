#include "core/catalogue_diff.h"

#include <algorithm>
#include <string_view>

#include "core/json_writer.h"
#include "core/scope.h"

namespace candor {
namespace {

// An entry of the scope together with all that is said about it.
struct Described {
  std::string id, detail, words;
};

// A text that differs exactly when the words, the example or the rules for missing values do.
std::string WordsOf(const Field& field) {
  std::string words;
  for (const std::string* text :
       {&field.title, &field.description, &field.why, &field.since, &field.sensitivity}) {
    words.append(*text).append("\n");
  }
  words.append(Name(field.group)).append(WriteJson(field.example));
  words += static_cast<char>('0' + static_cast<int>(field.missing));
  words += field.may_withhold ? 'w' : '-';
  words += field.required ? 'r' : '-';
  return words.append(WriteJson(field.literal));
}

std::string WordsOf(const PointRule& point) {
  std::string words;
  for (const std::string* text :
       {&point.title, &point.description, &point.why, &point.since, &point.unit}) {
    words.append(*text).append("\n");
  }
  return words;
}

// In the catalogue's order: a field, then its points, each with its labels behind it.
std::vector<Described> Describe(const Catalogue& catalogue) {
  const std::vector<ScopeEntry> scope = ScopeOf(catalogue);
  std::vector<Described> list;
  const auto add = [&](std::string id, std::string words) {
    const auto entry =
        std::lower_bound(scope.begin(), scope.end(), id,
                         [](const ScopeEntry& a, const std::string& b) { return a.id < b; });
    list.push_back({std::move(id), entry->detail, std::move(words)});
  };
  for (const Field& field : catalogue.fields) {
    if (field.fixed) continue;
    add(field.pointer, WordsOf(field));
    for (const PointRule& point : field.points) {
      const std::string key = field.pointer + '#' + point.key;
      if (point.components.empty()) add(key, WordsOf(point));
      for (const std::string& component : point.components) {
        const std::string id = key + '@' + component;
        add(id, WordsOf(point));
        for (const std::string& label : point.labels) add(id + ':' + label, {});
      }
    }
  }
  return list;
}

class Differ {
 public:
  Differ(const Catalogue& older, const Catalogue& newer)
      : older_(older), newer_(newer), before_(Describe(older)), after_(Describe(newer)) {
    Index(before_, &before_by_id_);
    Index(after_, &after_by_id_);
  }

  std::vector<Change> Run() {
    for (const Described& now : after_) {
      const Described* was = Find(before_by_id_, now.id);
      if (was == nullptr) {
        Add(ChangeKind::kNewField, now.id, "is new: " + now.detail);
      } else {
        Compare(*was, now);
      }
    }
    CompareWhole();
    for (const Described& was : before_) {
      if (Find(after_by_id_, was.id) == nullptr) {
        Add(ChangeKind::kRemoved, was.id, "is no longer sent");
      }
    }
    return std::move(changes_);
  }

 private:
  using ById = std::vector<const Described*>;

  static void Index(const std::vector<Described>& list, ById* by_id) {
    for (const Described& entry : list) by_id->push_back(&entry);
    std::sort(by_id->begin(), by_id->end(),
              [](const Described* a, const Described* b) { return a->id < b->id; });
  }

  static const Described* Find(const ById& by_id, const std::string& id) {
    const auto found =
        std::lower_bound(by_id.begin(), by_id.end(), id,
                         [](const Described* a, const std::string& b) { return a->id < b; });
    return found != by_id.end() && (*found)->id == id ? *found : nullptr;
  }

  void Add(ChangeKind kind, const std::string& id, const std::string& what) {
    changes_.push_back(
        {kind, id,
         (id.empty() ? std::string("The catalogue") : '"' + id + '"') + ' ' + what + '.'});
  }

  void Compare(const Described& was, const Described& now) {
    const std::size_t so_far = changes_.size();
    const DetailDifference difference = CompareDetails(was.detail, now.detail);
    const std::string from_to = ": \"" + was.detail + "\" became \"" + now.detail + '"';
    if (difference.finer) Add(ChangeKind::kFiner, now.id, "lets more through" + from_to);
    if (difference.coarser) Add(ChangeKind::kCoarser, now.id, "lets less through" + from_to);
    if (difference.wider_purpose) {
      Add(ChangeKind::kWiderPurpose, now.id, "serves another purpose" + from_to);
    }
    if (difference.narrower_purpose) {
      Add(ChangeKind::kNarrowerPurpose, now.id, "serves fewer purposes" + from_to);
    }
    if (changes_.size() == so_far && was.words != now.words) {
      Add(ChangeKind::kWording, now.id, "is described or stands there in another way");
    }
  }

  void CompareWhole() {
    if (older_.title != newer_.title || older_.description != newer_.description) {
      Add(ChangeKind::kWording, "", "has another title or description");
    }
    for (const Purpose& purpose : newer_.purposes) {
      const auto was = std::find_if(older_.purposes.begin(), older_.purposes.end(),
                                    [&](const Purpose& old) { return old.id == purpose.id; });
      if (was != older_.purposes.end() && was->description != purpose.description) {
        Add(ChangeKind::kWording, "",
            "describes the purpose \"" + purpose.id + "\" in other words");
      }
    }
    if (CommonOrder(before_, after_by_id_) != CommonOrder(after_, before_by_id_)) {
      Add(ChangeKind::kWording, "", "has its entries in another order");
    }
  }

  static std::vector<std::string_view> CommonOrder(const std::vector<Described>& list,
                                                   const ById& others) {
    std::vector<std::string_view> ids;
    for (const Described& entry : list) {
      if (Find(others, entry.id) != nullptr) ids.push_back(entry.id);
    }
    return ids;
  }

  const Catalogue& older_;
  const Catalogue& newer_;
  std::vector<Described> before_, after_;
  ById before_by_id_, after_by_id_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> DiffCatalogues(const Catalogue& older, const Catalogue& newer) {
  return Differ(older, newer).Run();
}

bool AsksAgain(ChangeKind kind) {
  return kind == ChangeKind::kNewField || kind == ChangeKind::kFiner ||
         kind == ChangeKind::kWiderPurpose;
}

std::string_view Name(ChangeKind kind) {
  constexpr std::string_view kNames[] = {"new-field",     "removed",          "finer",  "coarser",
                                         "wider-purpose", "narrower-purpose", "wording"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace candor
