import FoundationEssentials
import Glibc
import JobDispatch
import Jobs
import Ledger

// Measures the jobs' side without hosts, network or sound. Usage: job-bench [--json] [ROWS]
// ROWS is how far the ledger grows, 100,000 without it; 1,000,000 take some minutes more.
// Run it in release on a quiet machine.

let rows = CommandLine.arguments.lazy.compactMap { Int($0) }.first ?? 100_000
let folder = FileManager.default.temporaryDirectory.path + "/job-bench-\(UUID().uuidString)"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)

for count in [1_000, 10_000, 100_000, 1_000_000] { DecisionBench.run(waiting: count) }
let ledger = try LedgerBench(path: folder + "/jobs.db")
let commit = try ledger.commits()
try ledger.wholeJobs(upTo: rows)
try ledger.restart(live: 1_000)
try DispatchBench.closedLoop(path: folder + "/loop.db", commit: commit)
try BurstBench.run(path: folder + "/burst.db")
try SeedBench.fixed(path: folder + "/seed.db")
try SeedBench.random(path: folder + "/random.db")
try FileManager.default.removeItem(atPath: folder)
