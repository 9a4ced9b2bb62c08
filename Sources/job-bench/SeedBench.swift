import Threading

/// The usual load on the usual hosts, beside the two dispatchers that came before, which the bench makes again.
enum SeedBench {
  /// At a hundredth of the tasks' time.
  static func fixed(path: String) throws {
    let load = SeedLoad(scale: 0.01)
    let ours = try load.run(path: path)
    Figure(
      name: "[A23] [A25] thirty tasks on seven slots at a hundredth of their time", value: ours.seconds,
      unit: "s",
      against: "bound \(Machine.text(load.bound)) s", goal: 2.02
    ).tell()
    let (legacy, polled) = try both(load, scale: 0.01)
    Figure(
      name: "[A24] [A32] [A37] the same, one of a kind at a time", value: legacy.seconds, unit: "s",
      against: "looked for every 20 ms: the way of working before the last", goal: 4.2
    ).tell()
    Figure(
      name: "the same, as many as there are slots, looked for every 20 ms", value: polled.seconds, unit: "s",
      against: "the way of working before this", goal: 2.2
    ).tell()
    Figure(
      name: "[A26] thirty tasks, of the time that one of a kind at a time takes",
      value: ours.seconds / legacy.seconds,
      unit: "", against: "twice as fast is 0.5", goal: 1 / 1.99
    ).tell()
  }

  /// At a tenth, and no two tasks alike. All three at the same time: they sleep.
  static func random(path: String) throws {
    let load = SeedLoad(randomAtScale: 0.1, seed: 5)
    let ours = Locked<SeedLoad.Outcome?>(nil)
    let thread = try OwnedThread(name: "ours") {
      // What cannot be measured has no figure, which the lines below say.
      let outcome = try? load.run(path: path)
      ours.withLock { $0 = outcome }
    }
    let (legacy, polled) = try both(load, scale: 0.1)
    thread.join()
    guard let ours = ours.withLock({ $0 }) else { return print("the dispatcher did not run") }
    Figure(
      name: "[A25] thirty tasks of random lengths at a tenth of their time", value: ours.seconds, unit: "s",
      against:
        "bound \(Machine.text(load.bound)) s; looked for every 200 ms: \(Machine.text(polled.seconds)) s, "
        + "one of a kind at a time: \(Machine.text(legacy.seconds)) s", goal: load.bound * 1.01
    ).tell()
    Figure(
      name: "[A09] idle slots while work waits", value: ours.idlePart * 100, unit: "%",
      against: "looked for every 200 ms: \(Machine.text(polled.idlePart * 100)) %", goal: 0.5
    ).tell()
  }

  private static func both(
    _ load: SeedLoad, scale: Double
  ) throws -> (legacy: SeedLoad.Outcome, polled: SeedLoad.Outcome) {
    let legacy = Locked<SeedLoad.Outcome?>(nil)
    let thread = try OwnedThread(name: "legacy") {
      // Without a thread for a task there is no figure; the guard below says so.
      let outcome = try? load.runPolled(isLegacy: true, scale: scale)
      legacy.withLock { $0 = outcome }
    }
    let polled = try load.runPolled(isLegacy: false, scale: scale)
    thread.join()
    guard let legacy = legacy.withLock({ $0 }) else {
      throw ThreadingError(
        "The bench has no figure.", why: "The old dispatcher got no threads.",
        next: "Close programs and try again.")
    }
    return (legacy, polled)
  }
}
