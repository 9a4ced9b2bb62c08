import MIDI

/// Makes music from parameters and a seed: the same ones give the same bytes on every machine. Works on the calling
/// thread.
package enum PhraseGenerator {
  /// A phrase: Euclidean rhythm, a melody by a Markov chain in the scale, and the tonic at the end.
  package static func phrase(_ parameters: PhraseParameters) throws(GeneratorError) -> MIDISequence {
    try parameters.check()
    var line = MelodicLine(parameters, chain: .plain, name: "phrase")
    line.write(from: nil, to: .tonic)
    return line.sequence
  }

  /// A phrase that leads back to its own beginning: its rhythm comes again every bar or two, and its last note lies a
  /// step of the scale or two from the first. With a seed melody, in its manner.
  package static func loop(
    _ parameters: PhraseParameters, like given: MIDISequence? = nil
  ) throws(GeneratorError) -> MIDISequence {
    try parameters.check()
    let portrait: MusicPortrait? = if let given { try MusicPortrait(given) } else { nil }
    var line = MelodicLine(parameters, chain: portrait?.chain(in: parameters.key) ?? .plain, name: "loop")
    line.isLoop = true
    line.write(from: portrait?.firstKey, to: .beginning)
    return line.sequence
  }

  /// What could follow the given music: in its key, manner, register and density, from where it ends. Only the
  /// continuation is in the result. Of `parameters`, length, seed and temperature count.
  package static func continuation(
    of given: MIDISequence, _ parameters: PhraseParameters
  ) throws(GeneratorError) -> MIDISequence {
    let portrait = try MusicPortrait(given)
    let inferred = portrait.parameters(parameters)
    try inferred.check()
    var line = MelodicLine(inferred, chain: portrait.chain(in: inferred.key), name: "continuation")
    line.write(from: portrait.lastKey, to: .tonic)
    return line.sequence
  }

  /// What could lead from one music to another: it begins in the manner of the first and ends in that of the second,
  /// a step from its first note. Of `parameters`, length, seed and temperature count.
  package static func bridge(
    from first: MIDISequence, to second: MIDISequence, _ parameters: PhraseParameters
  ) throws(GeneratorError) -> MIDISequence {
    let before = try MusicPortrait(first)
    let after = try MusicPortrait(second)
    var start = before.parameters(parameters)
    try start.check()
    let arriving = after.parameters(parameters)
    start.register =
      min(
        start.register.lowerBound, arriving.register.lowerBound)...max(
        start.register.upperBound, arriving.register.upperBound)
    var line = MelodicLine(start, chain: before.chain(in: start.key), name: "bridge")
    line.arrival = (arriving.key, arriving.density, after.chain(in: arriving.key), arriving.tempo)
    line.write(from: before.lastKey, to: .key(after.firstKey))
    return line.sequence
  }
}
