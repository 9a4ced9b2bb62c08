import Arrangement
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

/// A command of the transport, before it is known when it happens.
struct Order {
  let tool: String
  let kind: Command.Kind
  var tick = Double.nan
  var end = Double.nan
  /// Of a jump: `JumpFlags`.
  var jump = UInt8(0)
  let effect: TransportView.Effect
  /// Bars to count in.
  var value = 0.0
  var address: UInt = 0
}

/// When a command of the transport happens.
enum Moment {
  case now
  /// At once, because the playhead stands and no line will come to it; with the line at or after it.
  case standing(Tick)
  /// When the playhead gets to a place.
  case when(Tick)
  /// The same, and should the place be missed, on the raster's next line.
  case onRaster(Raster, Tick)
}

/// Commands that wait for a line of a raster, until they have landed.
struct QuantisedCommands {
  struct Waiting {
    let raster: Raster
    var command: Command
  }

  private(set) var waiting: [UInt64: Waiting] = [:]

  mutating func wait(_ id: UInt64, _ command: Waiting) { waiting[id] = command }
  mutating func landed(_ id: UInt64) { waiting[id] = nil }
}

extension Conductor {
  /// The transport as it will be when what was accepted has landed.
  var anticipated: (tick: Tick, exact: Double, isRolling: Bool) {
    var place = exactPlayhead
    var isRolling = transport.state == .rolling
    for command in landing.transportCommands {
      if command.place.isFinite { place = command.place }
      switch command.effect {
      case .roll: isRolling = true
      case .count, .pause, .stop, .panic: isRolling = false
      case .locate, .none: break
      }
    }
    return (Tick(place.rounded()), place, isRolling)
  }

  var positionContext: PositionContext { positionContext(named: true) }

  func positionContext(named: Bool) -> PositionContext {
    let anticipated = anticipated
    var context = timeline.positionContext(playhead: anticipated.tick, named: named)
    context.exactPlayhead = anticipated.exact
    context.isRolling = anticipated.isRolling
    return context
  }

  /// When a command with `--at` happens. A raster is one of lines still to come: one that the playhead is
  /// closer to than the next callback counts as passed.
  func moment(_ arguments: Arguments) throws(Refusal) -> Moment {
    guard let text = arguments.text(.at) else { return .now }
    guard let position = try? Position.parse(text), case .place(.next(let raster)) = position else {
      return .when(try tick(text))
    }
    let now = anticipated
    guard now.isRolling else {
      return .standing(timeline.map.line(raster, atOrAfter: (now.exact - 1e-6).rounded(.up)))
    }
    return .onRaster(raster, try line(raster, after: now.exact))
  }

  /// The next line that the renderer can still be told of in time: around the loop where the playhead goes
  /// around it.
  private func line(_ raster: Raster, after playhead: Double) throws(Refusal) -> Tick {
    let map = timeline.map
    let ahead = Double(keeper?.status().period ?? 0)
    let reached = map.tick(atFrame: map.exactFrame(atTick: playhead) + ahead)
    let line = map.line(raster, atOrAfter: (reached + 1e-6).rounded(.down) + 1)
    guard timeline.isLooping, let loop = timeline.loop, playhead < Double(loop.upperBound),
      line >= loop.upperBound
    else {
      guard line <= TimeLimits.maximumTick else {
        throw Refusal(PositionError.tooFar("@\(Place.next(raster))"))
      }
      return line
    }
    let around = map.line(raster, atOrAfter: Double(loop.lowerBound))
    guard around < loop.upperBound else {
      throw Refusal(
        "bad_position", .refused, "the playhead comes to no @\(Place.next(raster))",
        "it goes around the loop from \(map.barBeat(atTick: loop.lowerBound)) to "
          + "\(map.barBeat(atTick: loop.upperBound)), which has none", "garden loop off")
    }
    return around
  }

  func perform(_ order: Order, _ moment: Moment) throws(Refusal) -> Answer {
    let command: JSONValue
    switch moment {
    case .now, .standing:
      command = try send(
        order.tool, order.kind, tick: order.tick, secondTick: order.end, value: order.value,
        effect: order.effect, address: order.address, jump: order.jump)
    case .when(let place):
      command = try sendTimed(
        order.tool, order.kind, at: place, tick: order.tick, secondTick: order.end, jump: order.jump,
        effect: order.effect, address: order.address)
    case .onRaster(let raster, let place):
      command = try sendTimed(
        order.tool, order.kind, at: place, tick: order.tick, secondTick: order.end, jump: order.jump,
        effect: order.effect, on: raster, address: order.address)
    }
    let counted: [(String, JSONValue)] =
      order.value > 0 ? [("count_in_bars", .integer(Int64(order.value)))] : []
    return .reply(.ok(JSONValue([("command", command)] + counted)))
  }

  /// The device's frame at which a rolling playhead gets to a place, around the loop if that is the way;
  /// now, when it stands or has passed.
  func deviceFrame(whenAt place: Tick) -> Int64 {
    let report = engine.report.read()
    let now = anticipated
    guard now.isRolling else { return report.deviceFrame }
    let map = timeline.map
    let from = map.exactFrame(atTick: now.exact)
    var frames = map.exactFrame(atTick: Double(place)) - from
    if frames < 0, timeline.isLooping, let loop = timeline.loop, now.exact < Double(loop.upperBound) {
      let around =
        map.exactFrame(atTick: Double(loop.upperBound)) - map.exactFrame(atTick: Double(loop.lowerBound))
      frames += around
    }
    return report.deviceFrame + Int64(max(0, frames).rounded())
  }

  /// What has missed its line, or whose line the playhead has left by a jump, waits for the next one, and that is
  /// said. A playhead that stands misses nothing.
  func postponeMissed() {
    guard !quantised.waiting.isEmpty, transport.state == .rolling else { return }
    let now = engine.report.read()
    let slack = Int64(2 * (keeper?.status().period ?? 0) + EngineLimits.maximumBlockFrames)
    for (id, waiting) in quantised.waiting where now.deviceFrame > waiting.command.dueFrame + slack {
      guard landing.isPending(id), let line = try? line(waiting.raster, after: exactPlayhead) else {
        quantised.landed(id)
        continue
      }
      var command = waiting.command
      command.dueFrame = deviceFrame(whenAt: line)
      let old = command.at
      if old != line {
        let change = Command(
          id: id, kind: .postpone, dueFrame: command.dueFrame, tick: Double(old), at: line)
        guard engine.commands.push(change) else { return }
        command.at = line
      }
      quantised.wait(id, QuantisedCommands.Waiting(raster: waiting.raster, command: command))
      guard old != line else { continue }
      server.publishEvent(
        topic: "command",
        content: [
          "type": "postponed", "command": JSONValue(id), "due_frame": .integer(command.dueFrame),
          "due_position": .string(timeline.map.barBeat(atTick: line).description),
        ])
    }
  }
}
