// malloc that fails when told: every library of the process is met. Not with a sanitizer, which has
// a malloc of its own.
#pragma once

#include <cstdint>

namespace candor {

// Lets the `nth` allocation from now on fail (from 1), and with `for_ever` every later one.
void FailAllocation(std::uint64_t nth, bool for_ever);
// Ends it. How many allocations there were since.
std::uint64_t StopFailingAllocations();
bool CanFailAllocations();

}  // namespace candor
