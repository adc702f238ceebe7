#include "native/cli/collector/import_command.h"

#include "native/base/clock.h"
#include "native/base/read_file.h"
#include "native/cli/answer.h"
#include "native/cli/request.h"
#include "native/collector/intake/receipts.h"
#include "native/collector/service/collector_options.h"

namespace candor {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

}  // namespace

void ImportCommand::Add(CLI::App& app, std::function<int()>& run) {
  CLI::App* const command =
      app.add_subcommand("import", "Keep reports that came as files, and write their receipts");
  store_.Add(*command);
  command
      ->add_option("--receipt-key", receipt_key_,
                   "The key of the receipts, where several collectors share it (default: "
                   "FOLDER/receipts.key)")
      ->envname("CANDOR_COLLECTOR_RECEIPT_KEY");
  command->add_option("--catalogue", catalogues_, "A catalogue beside the built-in ones")
      ->allow_extra_args(false);
  command->add_option("FILE", files_, "Reports as they were downloaded")->required();
  command->footer(
      "Beside each FILE stands FILE.receipt then, to be carried back. A report that is here "
      "already,\n"
      "by whatever way, counts once, and has its first receipt. When one FILE is wrong, none is\n"
      "kept, and every problem is told.");
  command->callback([this, &run] { run = [this] { return Run(); }; });
}

int ImportCommand::Run() {
  Result<std::vector<Catalogue>> catalogues = CollectorCatalogues(catalogues_);
  if (!catalogues.ok()) return Refuse(catalogues.problems(), false);
  const ArrivalReader reader(std::move(catalogues).value(), UnknownFields::kRefuse);
  std::vector<Arrival> arrivals;
  Problems problems;
  for (const std::string& file : files_) {
    Result<std::string> bytes = ReadFile(file, kMostBytes);
    Result<Arrival> read =
        bytes.ok() ? reader.Read(std::move(bytes).value()) : Result<Arrival>(bytes.problems());
    if (read.ok()) {
      arrivals.push_back(std::move(read).value());
      arrivals.back().way = Arrival::Way::kFile;
    } else {
      Problems found = std::move(read).problems();
      found.SetSource(file);
      problems.AddAll(std::move(found));
    }
  }
  if (!problems.empty()) return Refuse(problems, false);
  auto store = OpenCollectorStore(store_.Place(true));
  if (!store.ok()) return Refuse(store.problems(), false);
  auto signer = ReceiptSigner::Open(store_.folder, receipt_key_);
  if (!signer.ok()) return Refuse(signer.problems(), false);
  const auto kept = store.value()->Keep(arrivals, SystemClock().Wall());
  if (!kept.ok()) return Refuse(kept.problems(), false);
  int exit = kExitGood;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const Kept& one = kept.value()[i];
    Tell(files_[i] + (one.outcome == Kept::Outcome::kNew ? ": kept" : ": was here already"));
    const int given =
        Give(signer.value()->Sign(arrivals[i].digest, one.at), files_[i] + ".receipt");
    if (given != kExitGood) exit = given;
  }
  return exit;
}

}  // namespace candor
