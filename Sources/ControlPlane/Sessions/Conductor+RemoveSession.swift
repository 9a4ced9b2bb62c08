import ControlSocket
import HootWire
import Ledger
import Tools

extension Conductor {
  /// `session rm NAME`: of those that the ledger keeps and nobody plays.
  func removeSession(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = arguments.text(.name) ?? ""
    try checkUnused(name)
    try readLedger(
      { store throws(LedgerError) in
        (
          isKept: try store.session(name) != nil, names: try store.sessions().map(\.name)
        )
      },
      then: { [self] (result: Result<(isKept: Bool, names: [String]), Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let (isKept, names) = try result.get()
          guard isKept else {
            throw Refusal(
              "unknown_session", .refused, "no session is kept as \(shownText(name))",
              Suggestion.sentence(for: name, in: names, noun: "session"), "garden session ls")
          }
          // Somebody may have gone into it while the ledger was asked.
          try checkUnused(name)
          try write(.removeSession(name)) { [self] refusal in
            resume(incoming) { () throws(Refusal) in
              if let refusal { throw refusal }
              finish(incoming, .ok(["removed": .string(name)]))
            }
          }
        }
      })
    return .later
  }

  private func checkUnused(_ name: String) throws(Refusal) {
    guard name != journal.session else {
      throw Refusal(
        "in_use", .refused, "the session \(shownText(name)) was not forgotten",
        "it plays: every edit is kept under that name",
        "garden session new, then garden session rm \(name.shellWord)")
    }
    let coming = [sessions.prepared, sessions.preparing?.session, sessions.entering?.session]
    guard !coming.contains(where: { $0?.draft.name == name }) else {
      throw Refusal(
        "in_use", .refused, "the session \(shownText(name)) was not forgotten", "it is the next one",
        "garden session drop")
    }
  }
}
