/// Presets, instruments and zones as records, in the file's order. A preset has one zone for each of its
/// layers; each layer is an instrument with a global zone and one zone for each of its samples.
struct Articulation {
  struct Zone {
    var settings: [Setting] = []
    var modulators: [Modulator] = []
  }
  struct Instrument {
    let name: String
    let zones: [Zone]
  }
  struct Preset {
    let name: String
    let bank: Int
    let program: Int
    let zones: [Zone]
  }

  private(set) var presets: [Preset] = []
  private(set) var instruments: [Instrument] = []
  private let bank: SampleBank

  init(bank: SampleBank) { self.bank = bank }

  static let drumBank = 128

  mutating func add(_ patch: Patch, program: Int) {
    var zones: [Zone] = []
    for (index, layer) in patch.layers.enumerated() {
      let suffix = patch.layers.count > 1 ? " \(index + 1)" : ""
      let global = Zone(settings: layer.settings(trim: patch.trim), modulators: layer.modulators())
      let name = "\(patch.name)\(suffix)"
      instruments.append(Instrument(name: name, zones: [global] + sampleZones(of: layer.tone)))
      zones.append(Zone(settings: [Setting(.instrument, instruments.count - 1)]))
    }
    presets.append(Preset(name: patch.name, bank: 0, program: program, zones: zones))
  }

  mutating func add(kit voices: [DrumVoice], name: String) {
    let zones = voices.flatMap { voice in
      (bank.entries[voice.layer.tone] ?? []).filter { $0.keys.contains(voice.pitch) }.map { entry in
        let sample = bank.samples[entry.index]
        var settings = [Setting.keys(voice.key...voice.key)] + voice.layer.settings()
        if sample.loop != nil { settings.append(Setting(.sampleModes, 1)) }
        if voice.exclusiveClass > 0 { settings.append(Setting(.exclusiveClass, voice.exclusiveClass)) }
        let root = sample.rootKey + voice.key - voice.pitch
        settings += [Setting(.rootKey, root), Setting(.sample, entry.index)]
        return Zone(settings: settings, modulators: voice.layer.modulators())
      }
    }
    instruments.append(Instrument(name: name, zones: zones))
    let zone = Zone(settings: [Setting(.instrument, instruments.count - 1)])
    presets.append(Preset(name: name, bank: Articulation.drumBank, program: 0, zones: [zone]))
  }

  private func sampleZones(of tone: Tone) -> [Zone] {
    (bank.entries[tone] ?? []).map { entry in
      var settings = [Setting.keys(entry.keys)]
      if bank.samples[entry.index].loop != nil { settings.append(Setting(.sampleModes, 1)) }
      settings.append(Setting(.sample, entry.index))
      return Zone(settings: settings)
    }
  }
}
