// Which Java runs here, as the engine reports it: java.version and java.vm.vendor, "OpenJDK" where
// Oracle builds that.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "native/probes/process.h"
#include "native/probes/product.h"

namespace candor {

// Reads what `java -XshowSettings:properties -version` prints, or where those properties are not in
// it what `java -version` prints, which tells the vendor of Oracle's own build only.
// Errors: kUnavailable.
Result<ProbedProduct> ReadJava(std::string_view printed);

// Runs `java`, a path or a name in PATH; what the environment asks of every JVM is not obeyed.
// At most 5 s. Errors: kUnavailable.
Result<ProbedProduct> AskJava(const std::string& java, const Cancellation& cancellation);

}  // namespace candor
