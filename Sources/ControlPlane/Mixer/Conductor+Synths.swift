import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  /// A bank of synths and what was wished for when it was made.
  struct MadeSynths {
    let wish: SynthSettings
    let bank: SynthBankContent
  }

  func synthSettings(_ track: Track) -> SynthSettings {
    SynthSettings(
      soundfont: track.soundfont ?? defaultFont, sampleRate: engine.sampleRate, effects: settings.effects,
      interpolation: SynthSettings.Interpolation(track.interpolation),
      timing: SynthSettings.Timing(track.timing, default: settings.timing))
  }

  /// Makes synths for a track on the loader. `then` gets them on the control thread, where the track may have changed
  /// or gone by that time.
  func makeSynths(
    for track: Track, _ incoming: Incoming, then: @escaping (MadeSynths) throws(Refusal) -> Void
  ) throws(Refusal) {
    try makeSynths(for: track) { [self] made in
      resume(incoming) { () throws(Refusal) in try then(try made.get()) }
    }
  }

  /// Likewise, when no client waits for it.
  func makeSynths(
    for track: Track, then: @escaping (Result<MadeSynths, Refusal>) -> Void
  ) throws(Refusal) {
    let wish = synthSettings(track)
    let store = store
    try load(
      {
        .bank(
          Result { () throws(Refusal) in
            var resolved = wish
            resolved.soundfont = try FontLibrary.resolve(wish.soundfont, in: store)
            return try SynthBankContent.load(resolved)
          })
      },
      then: { loaded in
        guard case .bank(let result) = loaded else { return }
        then(result.map { MadeSynths(wish: wish, bank: $0) })
      })
  }

  /// Sends synths to a track, in the place of those it has. There must be room for the command.
  func install(_ synths: MadeSynths, on track: Track) {
    banks.install(synths.bank, on: track.id)
    sendUnannounced(.bank, track: track.slot, address: synths.bank.address)
  }
}

extension SynthSettings.Interpolation {
  init(_ method: Track.Interpolation) {
    switch method {
    case .none: self = .none
    case .linear: self = .linear
    case .cubic: self = .cubic
    case .seventh: self = .seventh
    }
  }
}

extension SynthSettings.Timing {
  /// A track's own, or the setting's.
  init(_ timing: Track.Timing?, default setting: String) {
    self = (timing ?? Track.Timing(rawValue: setting)) == .sharp ? .sharp : .normal
  }
}
