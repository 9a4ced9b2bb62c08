import HootWire
import Testing

@testable import ControlSocket

/// Events that are kept for those who ask.
@Suite struct EventLogTests {
  private let start = ContinuousClock.now

  private func log(_ count: Int) -> EventLog {
    var log = EventLog(run: "run")
    for number in 1...count {
      let topic = number.isMultiple(of: 2) ? "job" : "command"
      log.add(
        topic, ["type": "n", "n": .integer(Int64(number))], at: start + .milliseconds(number))
    }
    return log
  }

  @Test func aPageGoesOnWhereTheOneBeforeEnded() {
    let log = log(250)
    var seen: UInt64 = 0
    var heard: [UInt64] = []
    var isWhole = false
    while !isWhole {
      let page = log.page(after: seen, types: [], limit: 100)
      heard += page.entries.map(\.number)
      (seen, isWhole) = (page.seen, page.isWhole)
    }
    #expect(heard == Array(1...250) && log.page(after: seen, types: [], limit: 100).entries.isEmpty)
  }

  @Test func typesAreBeginningsOfTopicsOrTypes() {
    let log = log(10)
    #expect(log.page(after: 0, types: ["jo"], limit: 100).entries.count == 5)
    #expect(log.page(after: 0, types: ["n"], limit: 100).entries.count == 10)
    let none = log.page(after: 0, types: ["x"], limit: 100)
    // What was looked at is not looked at again.
    #expect(none.entries.isEmpty && none.seen == 10 && none.isWhole)
  }

  @Test func whatIsForgottenIsCounted() {
    let count = SocketLimits.keptEvents + 10
    let log = log(count)
    let page = log.page(after: 0, types: [], limit: 1)
    #expect(page.missing > 0 && page.entries.first?.number == page.missing + 1 && !page.isWhole)
    #expect(log.page(after: UInt64(count), types: [], limit: 1).missing == 0)
  }

  @Test func cursorsAreOfOneDaemonAndTimesAreBefore() {
    let log = log(10)
    #expect(log.number(of: log.cursor(7)) == 7)
    for cursor in ["", "run", "run-", "run-11", "run--1", "other-7", "run-99999999999999999999"] {
      #expect(log.number(of: cursor) == nil, "\(cursor)")
    }
    #expect(log.number(before: start + .milliseconds(4)) == 3)
    #expect(log.number(before: start + .seconds(9)) == 10)
  }

  @Test func positionsAreNotKept() {
    var log = EventLog(run: "run")
    log.add("transport", ["type": "position"], at: start)
    #expect(log.last == 0)
  }
}
