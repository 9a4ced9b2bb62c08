import CFluidSynth
import Synchronization

/// How a track's notes are made.
package struct SynthSettings: Sendable, Equatable {
  package enum Interpolation: Int32, Sendable, CaseIterable {
    case none = 0
    case linear = 1
    case cubic = 4
    case seventh = 7
  }

  /// How near a note is to its frame: ±32 frames, or ±8 with four synths whose blocks begin 16 frames apart.
  package enum Timing: Sendable, CaseIterable { case normal, sharp }

  package var soundfont: String
  package var sampleRate: Double
  /// FluidSynth's reverb and chorus.
  package var effects: Bool
  package var interpolation: Interpolation
  package var timing: Timing
  /// Whether several threads render the synths at a time. Each then has a copy of the font's presets:
  /// FluidSynth counts the users of a sample without a lock.
  package var areApart: Bool
  /// MIDI regions that will ever sound, where that is known: each grid block costs something for each channel block. At
  /// most `EngineLimits.channelBlocks` sound at a time.
  package var regions: Int

  package init(
    soundfont: String, sampleRate: Double, effects: Bool = true, interpolation: Interpolation = .cubic,
    timing: Timing = .normal, areApart: Bool = false, regions: Int = EngineLimits.channelBlocks
  ) {
    self.soundfont = soundfont
    self.sampleRate = sampleRate
    self.effects = effects
    self.interpolation = interpolation
    self.timing = timing
    self.areApart = areApart
    self.regions = regions
  }

  /// The lanes of each group of MIDI channels.
  var lanes: Int { timing == .sharp ? EngineLimits.synthsPerBank : 1 }
  /// Channel blocks in use, a power of two. With one for each region that is ever to sound none is used twice, so the
  /// sound is that of all blocks.
  var blocks: Int {
    var count = 1
    while count < min(regions, EngineLimits.channelBlocks) { count *= 2 }
    return count
  }
  /// Grid blocks that there is room for.
  var lines: Int {
    areApart ? max(EngineLimits.leastAheadBlocks, EngineLimits.aheadBlocks / blocks) : 1
  }
  /// FluidSynth's channels in each synth.
  var channels: Int { 16 * lanes / EngineLimits.synthsPerBank * EngineLimits.channelBlocks }
}

/// A track's bank of synths, complete and warmed: made on the loader thread, sent to the renderer by address,
/// freed on an ordinary thread after `Notice.retiredBank` has named it or the renderer has stopped.
///
/// Ordinary threads take turns: FluidSynth counts the users of its shared samples outside its lock.
package final class SynthBankContent: @unchecked Sendable {
  // Unchecked: between `init` and `deinit` only the realtime thread touches it.
  package let settings: SynthSettings
  private let bank: UnsafeMutablePointer<SynthBank>
  /// Its own, and that of each synth.
  private let memories: [EngineMemory]
  private var handles: [Handle] = []

  /// Does a number of pieces of work, each told its index, and comes back when all are done.
  package typealias Together = (_ count: Int, _ piece: @escaping @Sendable (Int) -> Void) -> Void

  /// - Parameter together: has the synths made and warmed, side by side where it likes and they are apart.
  package init(
    _ settings: SynthSettings,
    together: Together = { count, piece in for index in 0..<count { piece(index) } }
  ) throws(EngineError) {
    _ = Self.logIsSilenced
    self.settings = settings
    let memory = EngineMemory()
    bank = memory.allocate(1)
    let making = Making(memory)
    memories = [memory] + making.memories
    if settings.areApart {
      together(EngineLimits.synthsPerBank) { making.make($0, settings) }
    } else {
      for index in 0..<EngineLimits.synthsPerBank { making.make(index, settings) }
    }
    handles = making.handles
    if let problem = making.problem { throw problem }
    let exclusive =
      settings.timing == .sharp ? try Self.exclusiveKeys(settings, of: handles[0].synth) : []
    let synths = making.synths
    let lines = settings.lines
    bank.initialize(
      to: SynthBank(
        synths: synths, blocks: memory.channelBlocks(), defaults: Self.defaults(of: handles[0].synth, memory),
        interpolation: settings.interpolation.rawValue, lanes: settings.lanes, lines: lines,
        blockCount: settings.blocks,
        exclusive: memory.copy(exclusive), exclusiveCount: exclusive.count,
        levels: memory.filled(lines * EngineLimits.channelBlocks, with: BlockLevel())))
  }

  private typealias Handle = (settings: OpaquePointer, synth: OpaquePointer)

  deinit {
    // The first synth owns the font that the others share.
    Self.turns.withLock { _ in
      for handle in handles.reversed() {
        if !settings.areApart, handle.synth != handles[0].synth {
          fluid_synth_remove_sfont(handle.synth, fluid_synth_get_sfont(handle.synth, 0))
        }
        delete_fluid_synth(handle.synth)
        delete_fluid_settings(handle.settings)
      }
    }
    for memory in memories { memory.deallocate() }
  }

  /// The synths of a bank in the making.
  private final class Making: @unchecked Sendable {
    // Unchecked: each synth's maker has a memory and a place of its own, and nobody looks before all are done.
    let memories = (0..<EngineLimits.synthsPerBank).map { _ in EngineMemory() }
    let synths: UnsafeMutablePointer<SynthState>
    private let made: UnsafeMutablePointer<Result<Handle, EngineError>?>

    init(_ memory: EngineMemory) {
      synths = memory.allocate(EngineLimits.synthsPerBank)
      made = .allocate(capacity: EngineLimits.synthsPerBank)
      made.initialize(repeating: nil, count: EngineLimits.synthsPerBank)
    }

    deinit {
      made.deinitialize(count: EngineLimits.synthsPerBank)
      made.deallocate()
    }

    private var results: [Result<Handle, EngineError>] {
      (0..<EngineLimits.synthsPerBank).compactMap { made[$0] }
    }
    var handles: [Handle] {
      results.compactMap { if case .success(let handle) = $0 { handle } else { nil } }
    }
    var problem: EngineError? {
      results.compactMap { if case .failure(let problem) = $0 { problem } else { nil } }.first
    }

    /// Makes, loads and warms a synth. Any ordinary thread.
    func make(_ index: Int, _ settings: SynthSettings) {
      SynthBankContent.turns.withLock { _ in
        made[index] = SynthBankContent.synth(settings, sharing: settings.areApart ? nil : made[0])
      }
      guard case .success(let handle) = made[index] else { return }
      (synths + index).initialize(to: SynthBankContent.state(handle.synth, settings, memories[index]))
      SynthBankContent.warm(&synths[index], handle.synth, index: index, settings)
    }
  }

  /// - Parameter other: a synth whose font is shared; one that could not be made is none.
  private static func synth(
    _ settings: SynthSettings, sharing other: Result<Handle, EngineError>?
  ) -> Result<Handle, EngineError> {
    if case .failure = other, let other { return other }
    let owner: UInt
    if case .success(let handle) = other { owner = UInt(bitPattern: handle.synth) } else { owner = 0 }
    do throws(EngineError) { return .success(try makeSynth(settings, sharing: owner)) } catch {
      return .failure(error)
    }
  }

  private static let turns = Mutex(())

  /// What `Command.Kind.bank` carries and `Notice.retiredBank` gives back.
  package var address: UInt { UInt(bitPattern: bank) }

  private static let logIsSilenced: Void = synth_silence_log()

  private static func makeSynth(
    _ wanted: SynthSettings, sharing other: UInt
  ) throws(EngineError) -> (settings: OpaquePointer, synth: OpaquePointer) {
    guard let settings = new_fluid_settings() else { throw .synthFailed(path: wanted.soundfont) }
    // One thread at a time owns a synth, so its API needs no mutex; samples are loaded with the font, not
    // when a program asks for them.
    let numbers: [(String, Int32)] = [
      ("synth.threadsafe-api", 0), ("synth.dynamic-sample-loading", 0), ("synth.cpu-cores", 1),
      ("synth.lock-memory", 0), ("synth.midi-channels", Int32(wanted.channels)),
      ("synth.audio-groups", Int32(wanted.blocks)), ("synth.audio-channels", Int32(wanted.blocks)),
      ("synth.polyphony", Int32(EngineLimits.voicesPerSynth)),
      ("synth.reverb.active", wanted.effects ? 1 : 0), ("synth.chorus.active", wanted.effects ? 1 : 0),
    ]
    for (name, value) in numbers { fluid_settings_setint(settings, name, value) }
    fluid_settings_setnum(settings, "synth.sample-rate", wanted.sampleRate)
    guard let synth = new_fluid_synth(settings) else {
      delete_fluid_settings(settings)
      throw .synthFailed(path: wanted.soundfont)
    }
    if let other = OpaquePointer(bitPattern: other), let font = fluid_synth_get_sfont(other, 0),
      fluid_synth_add_sfont(synth, font) >= 0
    {
      return (settings, synth)
    }
    guard fluid_synth_sfload(synth, wanted.soundfont, 1) >= 0 else {
      delete_fluid_synth(synth)
      delete_fluid_settings(settings)
      throw .soundfontRefused(path: wanted.soundfont)
    }
    return (settings, synth)
  }

  private static func state(
    _ synth: OpaquePointer, _ settings: SynthSettings, _ memory: EngineMemory
  ) -> SynthState {
    let grid = EngineLimits.gridFrames
    let lines = settings.lines
    let room = settings.areApart ? EngineLimits.aheadOps : EngineLimits.synthOps
    let ops = SynthOps(memory.allocate(room), memory.allocate(room), capacity: room)
    return SynthState(
      synth: UnsafeMutableRawPointer(synth),
      groups: memory.filled(lines * 2 * settings.blocks * grid, with: 0),
      effects: settings.effects ? memory.filled(lines * 4 * grid, with: 0) : nil, ops: ops,
      opEnds: memory.filled(lines, with: 0), made: memory.filled(lines, with: 0),
      wetGate: memory.filled(1, with: WetGate()), noteFrames: memory.filled(1024, with: 0),
      voices: memory.allocate(EngineLimits.voicesPerSynth))
  }

  /// Plays every voice once, unheard, and gives every channel its type.
  ///
  /// It brings all that a block touches into memory. And FluidSynth ramps a voice's first block twice when
  /// that voice has never sounded, and from the level it ended at when it has: so each has sounded here, and
  /// ends in silence.
  private static func warm(
    _ state: inout SynthState, _ synth: OpaquePointer, index: Int, _ settings: SynthSettings
  ) {
    let raw = state.synth
    let count = Int32(settings.blocks)
    let allBlocks = UInt32(1) << UInt32(EngineLimits.channelBlocks) - 1
    // On channels of melodies, whose pan is the middle, and a few at a time for FluidSynth's queue.
    for note in 0..<EngineLimits.voicesPerSynth {
      state.nextNote &+= UInt32(rt_synth_note_on(raw, Int32(note & 7), Int32(36 + note >> 3), 100))
      if note & 63 == 63 { rt_synth_render(raw, state.groups, count, allBlocks, state.effects) }
    }
    let gain = fluid_synth_get_gain(synth)
    fluid_synth_set_gain(synth, 0)
    rt_synth_render(raw, state.groups, count, allBlocks, state.effects)
    // Twice, as after a panic: the first reset leaves something in the reverb's filters.
    for _ in 0..<2 {
      rt_synth_all_sounds_off(raw)
      rt_synth_system_reset(raw)
      rt_synth_all_sounds_off(raw)
      for _ in 0..<4 { rt_synth_render(raw, state.groups, count, allBlocks, state.effects) }
    }
    fluid_synth_set_gain(synth, gain)
    rt_synth_interpolation(raw, settings.interpolation.rawValue)
    setChannelTypes(raw, group: index / settings.lanes, settings)
    let lane = index % settings.lanes
    if lane > 0 {
      let frames = EngineLimits.gridFrames - lane * EngineLimits.gridFrames / settings.lanes
      synth_render_ahead(synth, Int32(frames), state.groups, count)
    }
  }

  /// FluidSynth takes its channel 9 for the drums; here they are MIDI channel 9 of every block.
  private static func setChannelTypes(
    _ synth: UnsafeMutableRawPointer, group: Int, _ settings: SynthSettings
  ) {
    let groups = EngineLimits.synthsPerBank / settings.lanes
    for target in 0..<settings.channels {
      let isDrums = target / EngineLimits.channelBlocks * groups + group == 9
      rt_synth_channel_type(synth, Int32(target), isDrums ? 1 : 0)
      rt_synth_bank(synth, Int32(target), isDrums ? 128 : 0)
      rt_synth_program(synth, Int32(target), 0)
    }
  }

  // MARK: Keys that silence each other

  private static let knownKeys = Mutex<[String: [synth_exclusive_keys]]>([:])

  /// For each preset the keys that silence each other, sorted by bank and program. A font is struck once as long as its
  /// file stays the same, and on a synth that is thrown away: the reverb and chorus of one that has been struck are not
  /// where those of the others are.
  private static func exclusiveKeys(
    _ settings: SynthSettings, of synth: OpaquePointer
  ) throws(EngineError) -> [synth_exclusive_keys] {
    let name = "\(settings.soundfont) \(synth_file_stamp(settings.soundfont))"
    if let known = knownKeys.withLock({ $0[name] }) { return known }
    var plain = settings
    plain.effects = false
    plain.timing = .normal
    plain.regions = 1
    let owner = UInt(bitPattern: synth)
    let struck = try turns.withLock { _ throws(EngineError) in try makeSynth(plain, sharing: owner) }
    var found = [synth_exclusive_keys](repeating: synth_exclusive_keys(), count: maximumPresets)
    let count = synth_find_exclusive_keys(struck.synth, Int32(plain.blocks), &found, Int32(found.count))
    turns.withLock { _ in
      fluid_synth_remove_sfont(struck.synth, fluid_synth_get_sfont(struck.synth, 0))
      delete_fluid_synth(struck.synth)
      delete_fluid_settings(struck.settings)
    }
    let keys = found.prefix(Int(count)).sorted { ($0.bank, $0.program) < ($1.bank, $1.program) }
    knownKeys.withLock { $0[name] = keys }
    return keys
  }

  private static let maximumPresets = 4096

  /// The controllers of a channel nobody has touched.
  private static func defaults(of synth: OpaquePointer, _ memory: EngineMemory) -> UnsafePointer<UInt8> {
    let values: UnsafeMutablePointer<UInt8> = memory.filled(128, with: 0)
    for number in 0..<128 {
      values[number] = UInt8(
        truncatingIfNeeded: rt_synth_get_controller(UnsafeMutableRawPointer(synth), 1, Int32(number)))
    }
    return UnsafePointer(values)
  }
}
