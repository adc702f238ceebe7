#include "core/config.h"

#include <utility>

#include "core/config_forms.h"
#include "core/config_schema.h"
#include "core/config_values.h"

namespace candor {
namespace {

// Which statement a setting's effective value comes from.
struct Winner {
  bool said = false;
  Product product = Product::kCandor;
  bool variable = false;
  std::string origin = {};
};

struct SourceStatements {
  const ConfigSource* source = nullptr;
  Statements statements;
};

bool IsEnvironment(const ConfigSource& source) {
  return source.kind == ConfigSource::Kind::kEnvironment;
}

bool SameValue(const SettingRow& row, const Config& a, const Config& b) {
  bool same = false;
  VisitMember(row.member, [&](auto member) { same = (a.*member).value == (b.*member).value; });
  return same;
}

void MoveSetting(const SettingRow& row, Config* from, Config* to) {
  VisitMember(row.member, [&](auto member) { to->*member = std::move(from->*member); });
}

class ConfigReader {
 public:
  explicit ConfigReader(std::span<const ConfigSource> sources)
      : sources_(sources), winners_(SettingRows().size()) {}

  Result<Config> Read() {
    for (const ConfigSource& source : sources_) {
      if (IsEnvironment(source)) variables_.AddAll(source);
    }
    const std::vector<SourceStatements> documents = ReadAll(false);
    std::vector<SourceStatements> environments = ReadAll(true);
    for (const SourceStatements& document : documents) Apply(document);
    SettleCatalogue(documents, environments);
    for (SourceStatements& environment : environments) {
      DropOtherProducts(&environment.statements);
      Apply(environment);
    }
    ImplyMode(documents);
    if (!problems_.empty()) return std::move(problems_);
    return std::move(config_);
  }

 private:
  Winner& WinnerOf(std::string_view key) { return winners_[IndexOf(*FindSetting(key))]; }

  std::vector<SourceStatements> ReadAll(bool environment) {
    std::vector<SourceStatements> all;
    for (const ConfigSource& source : sources_) {
      if (IsEnvironment(source) != environment) continue;
      Problems problems;
      all.push_back({&source, ReadStatements(source, &problems)});
      Report(source, std::move(problems));
    }
    return all;
  }

  void Report(const ConfigSource& source, Problems problems) {
    problems.SetSource(source.name);
    problems_.AddAll(std::move(problems));
  }

  // Puts one source's settings over what is there; two statements of one source must agree.
  void Apply(const SourceStatements& read) {
    Problems problems;
    ValueReader reader(variables_, &problems);
    Config layer;
    std::vector<const ConfigStatement*> said(winners_.size());
    for (const ConfigStatement& statement : read.statements.list) {
      const ConfigStatement*& first = said[IndexOf(*statement.row)];
      if (first == nullptr) {
        if (reader.Read(statement, &layer)) first = &statement;
      } else if (!Repeat(statement, *first, &reader, &layer, &problems)) {
        first = &statement;
      }
    }
    for (const ConfigStatement* statement : said) {
      if (statement == nullptr) continue;
      MoveSetting(*statement->row, &layer, &config_);
      winners_[IndexOf(*statement->row)] = {true, statement->product, statement->variable,
                                            statement->origin};
    }
    Report(*read.source, std::move(problems));
  }

  // Whether `first` stays the one that settles the setting: always, unless `statement` says the
  // same in a product's own name, which says more.
  static bool Repeat(const ConfigStatement& statement, const ConfigStatement& first,
                     ValueReader* reader, Config* layer, Problems* problems) {
    Config other;
    if (!reader->Read(statement, &other)) return true;
    if (!SameValue(*statement.row, *layer, other)) {
      problems->Add({ErrorCode::kConflict, statement.where,
                     "says something else about '" + std::string(statement.row->key) + "' than " +
                         first.origin + "; keep one of them",
                     statement.at});
      return true;
    }
    if (statement.product == Product::kCandor) return true;
    MoveSetting(*statement.row, &other, layer);
    return false;
  }

  // Which catalogue applies when nothing names one: that of the product whose form a document has,
  // or else whose environment variables are set.
  void SettleCatalogue(const std::vector<SourceStatements>& documents,
                       const std::vector<SourceStatements>& environments) {
    const SettingRow& row = *FindSetting("catalogue");
    bool named = WinnerOf(row.key).said;
    for (const SourceStatements& environment : environments) {
      for (const ConfigStatement& statement : environment.statements.list) {
        Problems reported_by_apply;
        if (statement.row == &row) {
          named = ValueReader(variables_, &reported_by_apply).Read(statement, &config_) || named;
        }
      }
    }
    if (named) return;
    const FormMark* first = nullptr;
    for (const SourceStatements& document : documents) {
      for (const FormMark& mark : document.statements.forms) Imply(mark, *document.source, &first);
    }
    if (first != nullptr) return;
    std::vector<FormMark> ambient;
    for (const SourceStatements& environment : environments) {
      for (const ConfigStatement& statement : environment.statements.list) {
        if (statement.product == Product::kCandor) continue;
        ambient.push_back({statement.product, "", statement.origin, {}});
      }
    }
    // `first` points into the list: no more is added.
    for (const FormMark& mark : ambient) Imply(mark, *environments.front().source, &first);
  }

  void Imply(const FormMark& mark, const ConfigSource& source, const FormMark** first) {
    if (*first == nullptr) {
      *first = &mark;
      config_.catalogue = {std::string(Name(mark.product)), ImpliedBy(mark)};
    } else if ((*first)->product != mark.product && !catalogue_conflict_) {
      catalogue_conflict_ = true;
      problems_.Add({ErrorCode::kConflict, "",
                     mark.origin + " is of the product '" + std::string(Name(mark.product)) +
                         "', but " + (*first)->origin + " of '" +
                         std::string(Name((*first)->product)) +
                         "'; name the one to report on as 'catalogue' or in CANDOR_CATALOGUE",
                     mark.at, source.name});
    }
  }

  static std::string ImpliedBy(const FormMark& mark) {
    return "implied by " + (mark.name.empty() ? mark.origin : mark.name + " at " + mark.origin);
  }

  // Variables that are there for another product on the same machine say nothing about this one.
  void DropOtherProducts(Statements* statements) const {
    std::erase_if(statements->list, [&](const ConfigStatement& statement) {
      return statement.product != Product::kCandor &&
             Name(statement.product) != config_.catalogue.value;
    });
  }

  // The engine and Optimize know no modes: who configures their telemetry means `online`. The
  // Console knows no later decision: who writes `online` there has decided.
  void ImplyMode(const std::vector<SourceStatements>& documents) {
    const Winner& mode = WinnerOf("mode");
    const Winner& decision = WinnerOf("initializeTelemetry");
    if (mode.said) {
      if (mode.product == Product::kConsole && config_.mode.value == Mode::kOnline &&
          !decision.said) {
        config_.initialize_telemetry = {true, config_.mode.origin};
      }
      return;
    }
    if (decision.said && ImpliesOnline(ProductOf(decision))) {
      const std::string name = decision.variable ? "" : "initializeTelemetry";
      config_.mode = {Mode::kOnline, ImpliedBy({decision.product, name, decision.origin, {}})};
      return;
    }
    for (const SourceStatements& document : documents) {
      for (const FormMark& mark : document.statements.forms) {
        if (!ImpliesOnline(mark.product)) continue;
        config_.mode = {Mode::kOnline, ImpliedBy(mark)};
        return;
      }
    }
  }

  // In a file, the canonical name is the engine's name, too.
  static Product ProductOf(const Winner& winner) {
    return winner.product == Product::kCandor && !winner.variable ? Product::kEngine
                                                                  : winner.product;
  }

  bool ImpliesOnline(Product product) const {
    return (product == Product::kEngine || product == Product::kOptimize) &&
           Name(product) == config_.catalogue.value;
  }

  std::span<const ConfigSource> sources_;
  std::vector<Winner> winners_;  // By IndexOf.
  Variables variables_;
  Config config_;
  Problems problems_;
  bool catalogue_conflict_ = false;
};

}  // namespace

Result<Config> ReadConfig(std::span<const ConfigSource> sources) {
  return ConfigReader(sources).Read();
}

std::vector<std::string> PlaceholderVariables(const ConfigSource& source) {
  Problems reported_by_read_config;
  std::vector<std::string> names;
  for (const ConfigStatement& statement : ReadStatements(source, &reported_by_read_config).list) {
    if (statement.placeholders) AppendPlaceholders(*statement.value, &names);
  }
  return names;
}

}  // namespace candor
