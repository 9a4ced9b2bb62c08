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

  package var soundfont: String
  package var sampleRate: Double
  /// FluidSynth's reverb and chorus.
  package var effects: Bool
  package var interpolation: Interpolation

  package init(
    soundfont: String, sampleRate: Double, effects: Bool = true, interpolation: Interpolation = .cubic
  ) {
    self.soundfont = soundfont
    self.sampleRate = sampleRate
    self.effects = effects
    self.interpolation = interpolation
  }
}

/// A track's bank of synths, complete and warmed: made on the loader thread, sent to the renderer by address,
/// freed on an ordinary thread after `Notice.retiredBank` has named it or the renderer has stopped.
///
/// Ordinary threads take turns: FluidSynth counts the users of its shared samples outside its lock.
package final class SynthBankContent: @unchecked Sendable {
  // Unchecked: between `init` and `deinit` only the realtime thread touches it.
  package let settings: SynthSettings
  private let bank: UnsafeMutablePointer<SynthBank>
  private let memory: EngineMemory
  private var handles: [(settings: OpaquePointer, synth: OpaquePointer)] = []

  package init(_ settings: SynthSettings) throws(EngineError) {
    _ = Self.logIsSilenced
    self.settings = settings
    let memory = EngineMemory()
    self.memory = memory
    bank = memory.allocate(1)
    let synths: UnsafeMutablePointer<SynthState> = memory.allocate(EngineLimits.synthsPerBank)
    for index in 0..<EngineLimits.synthsPerBank {
      let handle = try Self.turns.withLock { _ throws(EngineError) in try Self.makeSynth(settings) }
      handles.append(handle)
      (synths + index).initialize(to: Self.warm(handle.synth, index: index, settings, memory))
    }
    bank.initialize(
      to: SynthBank(
        synths: synths, blocks: memory.filled(EngineLimits.channelBlocks, with: ChannelBlock()),
        defaults: Self.defaults(of: handles[0].synth, memory), interpolation: settings.interpolation.rawValue)
    )
  }

  deinit {
    for handle in handles {
      Self.turns.withLock { _ in delete_fluid_synth(handle.synth) }
      delete_fluid_settings(handle.settings)
    }
    memory.deallocate()
  }

  private static let turns = Mutex(())

  /// What `Command.Kind.bank` carries and `Notice.retiredBank` gives back.
  package var address: UInt { UInt(bitPattern: bank) }

  private static let logIsSilenced: Void = synth_silence_log()

  private static func makeSynth(
    _ wanted: SynthSettings
  ) throws(EngineError) -> (settings: OpaquePointer, synth: OpaquePointer) {
    guard let settings = new_fluid_settings() else { throw .synthFailed(path: wanted.soundfont) }
    // One thread at a time owns a synth, so its API needs no mutex; samples are loaded with the font, not
    // when a program asks for them.
    let numbers: [(String, Int32)] = [
      ("synth.threadsafe-api", 0), ("synth.dynamic-sample-loading", 0), ("synth.cpu-cores", 1),
      ("synth.lock-memory", 0), ("synth.midi-channels", Int32(8 * EngineLimits.channelBlocks)),
      ("synth.audio-groups", Int32(EngineLimits.channelBlocks)),
      ("synth.audio-channels", Int32(EngineLimits.channelBlocks)),
      ("synth.polyphony", Int32(EngineLimits.voicesPerSynth)),
      ("synth.reverb.active", wanted.effects ? 1 : 0), ("synth.chorus.active", wanted.effects ? 1 : 0),
    ]
    for (name, value) in numbers { fluid_settings_setint(settings, name, value) }
    fluid_settings_setnum(settings, "synth.sample-rate", wanted.sampleRate)
    guard let synth = new_fluid_synth(settings) else {
      delete_fluid_settings(settings)
      throw .synthFailed(path: wanted.soundfont)
    }
    guard fluid_synth_sfload(synth, wanted.soundfont, 1) >= 0 else {
      delete_fluid_synth(synth)
      delete_fluid_settings(settings)
      throw .soundfontRefused(path: wanted.soundfont)
    }
    return (settings, synth)
  }

  /// Plays every voice once, unheard, and gives every channel its type.
  ///
  /// It brings all that a block touches into memory. And FluidSynth ramps a voice's first block twice when
  /// that voice has never sounded: without this a note's attack would depend on what played before.
  private static func warm(
    _ synth: OpaquePointer, index: Int, _ settings: SynthSettings, _ memory: EngineMemory
  ) -> SynthState {
    let raw = UnsafeMutableRawPointer(synth)
    let grid = EngineLimits.gridFrames
    var state = SynthState(
      synth: raw, groups: memory.filled(2 * EngineLimits.channelBlocks * grid, with: 0),
      effects: settings.effects ? memory.filled(4 * grid, with: 0) : nil,
      noteFrames: memory.filled(1024, with: 0))
    let allBlocks = UInt32(1) << UInt32(EngineLimits.channelBlocks) - 1
    // On channels of melodies, whose pan is the middle, and a few at a time for FluidSynth's queue.
    for note in 0..<EngineLimits.voicesPerSynth {
      state.nextNote &+= UInt32(rt_synth_note_on(raw, Int32(note & 7), Int32(36 + note >> 3), 100))
      if note & 63 == 63 { rt_synth_render(raw, state.groups, allBlocks, state.effects) }
    }
    // Twice, as after a panic: the first reset leaves something in the reverb's filters.
    for _ in 0..<2 {
      rt_synth_all_sounds_off(raw)
      rt_synth_system_reset(raw)
      rt_synth_all_sounds_off(raw)
      for _ in 0..<4 { rt_synth_render(raw, state.groups, allBlocks, state.effects) }
    }
    rt_synth_interpolation(raw, settings.interpolation.rawValue)
    setChannelTypes(raw, index: index)
    return state
  }

  /// FluidSynth takes its channel 9 for the drums; here they are MIDI channel 9 of every block.
  private static func setChannelTypes(_ synth: UnsafeMutableRawPointer, index: Int) {
    for target in 0..<(8 * EngineLimits.channelBlocks) {
      let isDrums = 2 * (target / EngineLimits.channelBlocks) + index == 9
      rt_synth_channel_type(synth, Int32(target), isDrums ? 1 : 0)
      rt_synth_bank(synth, Int32(target), isDrums ? 128 : 0)
      rt_synth_program(synth, Int32(target), 0)
    }
  }

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
