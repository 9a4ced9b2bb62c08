import CRealtime
import MusicalTime

extension RenderState {
  /// The click of this grid block, each on the exact frame of its beat. After what moves the playhead, before
  /// it moves on.
  @_noLocks
  mutating func renderMetronome() {
    let grid = EngineLimits.gridFrames
    var done = 0
    if metronome.count.isCounting {
      clickCount(&done)
    } else if transport.rolling, metronome.isOn {
      clickBeats(&done)
    } else {
      metronome.isPlaced = false
    }
    metronome.render(to: grid, done: &done)
    handOutClick()
  }

  // MARK: Beats

  @_noLocks
  private mutating func clickBeats(_ done: inout Int) {
    let grid = Int64(EngineLimits.gridFrames)
    let isFirst = !metronome.isPlaced
    if isFirst {
      // A fraction of a tick behind the place counts as the place, come through the frame axis and back.
      metronome.next = Tick(rt_ceil(playheadTick() - 1e-6))
      metronome.isPlaced = true
    }
    let first = transport.frame
    guard let loopEnd = loopEndAhead(), loopEnd - first <= grid else {
      clickBeats(from: first, to: first + grid, offset: 0, afterJump: isFirst, &done)
      return
    }
    clickBeats(from: first, to: loopEnd, offset: 0, afterJump: isFirst, &done)
    metronome.next = schedule.pointee.loopStart
    let start = schedule.pointee.tempo.frame(atTick: Double(schedule.pointee.loopStart))
    let before = loopEnd - first
    clickBeats(from: start, to: start + grid - before, offset: Int(before), afterJump: false, &done)
  }

  /// The beats whose frames lie in a stretch that begins at `offset` of this grid block.
  @_noLocks
  private mutating func clickBeats(
    from first: Int64, to end: Int64, offset: Int, afterJump: Bool, _ done: inout Int
  ) {
    let tempo = schedule.pointee.tempo
    // The place where it halts is not played, and neither is its beat.
    let endTick = min(transport.haltTick, metronome.endTick)
    let halt = endTick.isFinite ? tempo.frame(atTick: endTick) : Int64.max
    let last = min(end, halt)
    var mayRepeat = afterJump
    for _ in 0..<EngineLimits.gridFrames {
      let (tick, kind) = nextClick()
      let frame = tempo.frame(atTick: Double(tick))
      guard frame < last else { return }
      metronome.next = tick + 1
      let place = offset + Int(max(0, frame - first))
      // A jump on a beat lands on the grid line nearest to it, and the beat may have clicked just before.
      let now = deviceFrame + Int64(place)
      let isRepeat = mayRepeat && now - metronome.lastFrame <= Int64(EngineLimits.gridFrames / 2)
      mayRepeat = false
      if isRepeat { continue }
      metronome.start(kind, at: place, done: &done)
      metronome.lastFrame = now
    }
  }

  /// The first place at or after `metronome.next` that clicks.
  @_noLocks
  private func nextClick() -> (Tick, ClickKind) {
    let index = signatureIndex(at: Double(metronome.next))
    let signature = schedule.pointee.signatures[index]
    let part = max(1, signature.beatTicks / metronome.division)
    let away = max(0, metronome.next - signature.tick)
    let inside = (away + part - 1) / part * part
    // A signature that comes first begins a bar.
    if index + 1 < schedule.pointee.signatureCount {
      let following = schedule.pointee.signatures[index + 1].tick
      if signature.tick + inside >= following { return (following, .accent) }
    }
    let tick = signature.tick + inside
    if inside % signature.barTicks == 0 { return (tick, .accent) }
    return (tick, inside % signature.beatTicks == 0 ? .beat : .part)
  }

  @_noLocks
  private func signatureIndex(at tick: Double) -> Int {
    var low = 0
    var high = schedule.pointee.signatureCount
    while high - low > 1 {
      let middle = (low + high) >> 1
      if Double(schedule.pointee.signatures[middle].tick) <= tick { low = middle } else { high = middle }
    }
    return low
  }

  // MARK: Count-in

  /// Counts so many bars, then rolls from the playhead.
  @_noLocks
  mutating func startCount(bars: Int64) {
    let place = playheadTick()
    let signature = schedule.pointee.signatures[signatureIndex(at: place)]
    let bpm = schedule.pointee.tempo.bpm(atTick: place)
    var count = CountIn()
    count.chasesNotes = isChasingNotes
    count.framesPerTick = sampleRate * 60 / (bpm * Double(ticksPerBeat))
    count.start = place - Double(signature.tick)
    count.beatTicks = max(1, signature.beatTicks)
    count.beatsPerBar = max(1, signature.barTicks / count.beatTicks)
    let length = Double(bars) * Double(signature.barTicks)
    count.nextBeat = Int64(rt_ceil((count.start - length) / Double(count.beatTicks) - 1e-9))
    let grid = Int64(EngineLimits.gridFrames)
    let frames = Int64(length * count.framesPerTick + 0.5)
    count.framesLeft = max(1, (frames + grid - 1) / grid) * grid
    metronome.count = count
  }

  @_noLocks
  private mutating func clickCount(_ done: inout Int) {
    let grid = EngineLimits.gridFrames
    for _ in 0..<grid {
      let count = metronome.count
      let away = count.start - Double(count.nextBeat) * Double(count.beatTicks)
      // Up to, and not including, the place where the music starts.
      guard away > 1e-6 else { break }
      let place = count.framesLeft - Int64(away * count.framesPerTick + 0.5)
      guard place < Int64(grid) else { break }
      let isFirst = count.nextBeat % count.beatsPerBar == 0
      metronome.start(isFirst ? .accent : .beat, at: Int(max(0, place)), done: &done)
      metronome.lastFrame = deviceFrame + max(0, place)
      metronome.count.nextBeat += 1
    }
    metronome.count.framesLeft -= Int64(grid)
    metronome.count.isDue = !metronome.count.isCounting
  }

  /// The count is over: the music starts where this grid block does.
  @_noLocks
  mutating func startCounted() {
    guard metronome.count.isDue else { return }
    metronome.count.isDue = false
    isChasingNotes = metronome.count.chasesNotes
    roll()
    isChasingNotes = false
    notify(Notice(kind: .countedIn, id: 0, frame: deviceFrame, tick: playheadTick()))
  }

  /// Until the music starts that a command has begun to count in.
  @_noLocks
  func countedFrames(of command: Command) -> Int64 {
    switch command.kind {
    case .play: metronome.count.framesLeft
    default: 0
    }
  }

  @_noLocks
  mutating func setMetronome(_ command: Command) {
    switch command.kind {
    case .metronomeOn:
      metronome.isOn = command.value != 0
      metronome.endTick = command.tick.isFinite ? command.tick : .infinity
    case .metronomeLevel:
      metronome.level.move(to: Float(min(1, max(0, command.value))), frames: declickFrames)
    case .metronomeOutput: metronome.output = Int32(min(4, max(0, command.value)))
    case .metronomeDivision: metronome.division = Tick(min(4, max(1, command.value)))
    default: break
    }
  }

  // MARK: Where it is heard

  /// Onto its own channel, or the pair that the performer hears.
  @_noLocks
  func handOutClick() {
    let click = metronome.bus
    let isOnCue = metronome.output == ClickOutput.cueChannel
    let isOnClick = metronome.output == ClickOutput.clickChannel
    for index in 0..<EngineLimits.gridFrames where isOnCue {
      cueLeft[index] += click[index]
      cueRight[index] += click[index]
    }
    let own = self.click
    for index in 0..<EngineLimits.gridFrames where isOnClick { own[index] += click[index] }
  }

  /// Onto the main pair, if that was asked for: behind the master's fader, before the limiter.
  @_noLocks
  func mixClick() {
    guard metronome.output == ClickOutput.mainChannel else { return }
    for index in 0..<EngineLimits.gridFrames {
      gridLeft[index] += metronome.bus[index]
      gridRight[index] += metronome.bus[index]
    }
  }
}
