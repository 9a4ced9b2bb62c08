import ControlPlane
import Glibc
import Ledger
import Settings

/// The daemon's one ledger: a database in the folder that the settings name, or none on disk.
enum LedgerDoor {
  /// Starts its thread; `wait` says whether it could be opened.
  static func open(_ settings: Settings) throws(Refusal) -> Ledger {
    let folder = settings.ledger
    do {
      return try Ledger(clock: now, isWaiting: false) { () throws(LedgerError) in
        if folder == "memory" { return MemoryLedger() }
        let folder = try LedgerFolder(folder)
        return try SQLiteLedger(path: folder.database, in: folder)
      }
    } catch { throw Refusal(error) }
  }

  /// A newer database, another program's, a folder that cannot be written or is in use: refused, and nothing changed.
  static func wait(for ledger: Ledger) throws(Refusal) {
    do { try ledger.waitUntilOpen() } catch { throw Refusal(error) }
  }

  /// Milliseconds since 1970.
  static let now: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
