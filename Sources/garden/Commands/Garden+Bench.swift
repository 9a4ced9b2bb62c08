import HootWire
import Threading
import Tools

extension Garden {
  /// Measures this machine, for as long as asked, and says what it has measured.
  func bench() throws(ToolError) -> Int32 {
    let arguments = invocation.arguments
    let wish = WakeUps(
      period: arguments.integer(.period) ?? 128, sampleRate: arguments.integer(.rate) ?? 48_000,
      seconds: arguments.number(.seconds) ?? 5, priority: arguments.integer(.priority) ?? 70)
    if !invocation.wantsJSON { console.say("measuring for \(Field.decimal(wish.seconds, 0)) s …") }
    let result: WakeUps.Result
    do { result = try wish.measure() } catch {
      throw ToolError(
        code: "no_thread", exit: .tryLater, what: error.lines[0], why: error.lines[1], next: error.lines[2])
    }
    if invocation.wantsJSON {
      printJSON(Self.json(wish, result))
    } else {
      Self.lines(wish, result).forEach(console.print)
    }
    return ExitCode.done.rawValue
  }

  private static func microseconds(_ nanoseconds: Int64) -> Double {
    (Double(nanoseconds) / 100).rounded() / 10
  }

  /// Wake-ups later than half the period: rendering would have had less than the other half.
  private static func overBudget(_ wish: WakeUps, _ result: WakeUps.Result) -> Int {
    let budget = Int64(Double(wish.period) / Double(wish.sampleRate) * 5e8)
    return result.lateness.count - (result.lateness.firstIndex { $0 > budget } ?? result.lateness.count)
  }

  static func json(_ wish: WakeUps, _ result: WakeUps.Result) -> JSONValue {
    [
      "period": .integer(Int64(wish.period)), "sample_rate": .integer(Int64(wish.sampleRate)),
      "seconds": .number(wish.seconds), "wake_ups": .integer(Int64(result.lateness.count)),
      "priority": JSONValue(result.grantedPriority.map(Int64.init)), "refusal": JSONValue(result.refusal),
      "min_us": .number(microseconds(result.percentile(0))),
      "mean_us": .number((result.mean / 100).rounded() / 10),
      "p99_us": .number(microseconds(result.percentile(0.99))),
      "p999_us": .number(microseconds(result.percentile(0.999))),
      "max_us": .number(microseconds(result.lateness.last ?? 0)),
      "over_budget": .integer(Int64(overBudget(wish, result))), "missed": .integer(Int64(result.missed)),
      "minor_faults": .integer(Int64(result.minorFaults)),
      "major_faults": .integer(Int64(result.majorFaults)),
      "safe_period": JSONValue(result.safePeriod(sampleRate: wish.sampleRate).map(Int64.init)),
    ]
  }

  static func lines(_ wish: WakeUps, _ result: WakeUps.Result) -> [String] {
    let length = Double(wish.period) / Double(wish.sampleRate) * 1000
    let scheduling = result.grantedPriority.map { "SCHED_FIFO \($0)" } ?? "no realtime priority"
    var lines = [
      "\(result.lateness.count) wake-ups, \(wish.period) frames apart (\(Field.decimal(length, 2)) ms), \(scheduling)",
      "late by min \(microseconds(result.percentile(0))), mean \((result.mean / 100).rounded() / 10), "
        + "p99 \(microseconds(result.percentile(0.99))), p99.9 \(microseconds(result.percentile(0.999))), "
        + "max \(microseconds(result.lateness.last ?? 0)) µs",
      "later than half a period: \(overBudget(wish, result)); periods missed: \(result.missed); "
        + "page faults: \(result.minorFaults) minor, \(result.majorFaults) major",
    ]
    if let refusal = result.refusal { lines.append("\(refusal): garden doctor --fix") }
    if let safe = result.safePeriod(sampleRate: wish.sampleRate) {
      lines.append(
        "\(safe) frames (\(Field.decimal(Double(safe) / Double(wish.sampleRate) * 1000, 1)) ms) were safe: no wake-up "
          + "took half of that")
    } else {
      lines.append("no period was safe: a wake-up took longer than half of 8192 frames")
    }
    return lines
  }
}
