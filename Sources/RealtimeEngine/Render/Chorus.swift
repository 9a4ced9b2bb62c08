import CRealtime

/// Three voices a side whose delays swing around 15 ms, a third of a circle apart and the sides a sixth: no dry
/// sound in it. Its swing begins anew when it wakes, so that the same sound always comes out the same.
/// Realtime thread.
struct Chorus: BitwiseCopyable {
  static var voices: Int { @_noLocks get { 3 } }

  /// The two sides' rings.
  var ring: UnsafeMutablePointer<Float>
  /// Frames of each: a power of two.
  var capacity: Int
  /// Frames around which the voices swing.
  var centre: Double
  /// How far around the circle it is, 0 to 1.
  var turn = 0.0
  private var position = 0

  @_noLocks
  init(ring: UnsafeMutablePointer<Float>, capacity: Int, centre: Double) {
    self.ring = ring
    self.capacity = capacity
    self.centre = centre
  }

  @_noLocks
  mutating func process(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
    _ tuning: UnsafePointer<EffectTuning>
  ) {
    let frames = EngineLimits.gridFrames
    for index in 0..<frames {
      ring[position + index] = left[index]
      ring[capacity + position + index] = right[index]
      left[index] = 0
      right[index] = 0
    }
    let next = turn + tuning.pointee.turnsPerBlock
    for voice in 0..<Self.voices {
      let phase = Double(voice) / Double(Self.voices)
      add(ring, to: left, from: turn + phase, to: next + phase, Double(tuning.pointee.depthFrames))
      add(
        ring + capacity, to: right, from: turn + phase + 1 / 6, to: next + phase + 1 / 6,
        Double(tuning.pointee.depthFrames))
    }
    turn = next >= 1 ? next - 1 : next
    position = (position + frames) & (capacity - 1)
  }

  /// One voice: between grid lines its delay goes straight from one place of its circle to the next.
  @_noLocks
  private func add(
    _ side: UnsafeMutablePointer<Float>, to bus: UnsafeMutablePointer<Float>, from start: Double,
    to end: Double, _ depth: Double
  ) {
    let frames = EngineLimits.gridFrames
    let first = centre + depth * rt_sin(2 * .pi * start)
    let step = (centre + depth * rt_sin(2 * .pi * end) - first) / Double(frames)
    // Voices that go their own ways add up by their power.
    let gain: Float = 0.577_350_27
    for index in 0..<frames {
      let delayed = first + step * Double(index)
      let whole = Int(delayed)
      let part = Float(delayed - Double(whole))
      let near = side[(position + index - whole) & (capacity - 1)]
      let far = side[(position + index - whole - 1) & (capacity - 1)]
      bus[index] += (near + (far - near) * part) * gain
    }
  }
}
