/// Every parameter's wire name. The flag on the command line is the same word with dashes.
package enum ParameterName: String, CaseIterable, Sendable {
  case at, autoconnect, audio, bank, block, bpm, channel, clip, command, curve, driver, end, file, files
  case fadeIn = "fade_in"
  case fadeOut = "fade_out"
  case font
  case forBeats = "for"
  case from, gain, interpolation, intervals, limits, log, loop, marker, mute, name
  case noEffects = "no_effects"
  case noLimiter = "no_limiter"
  case newName = "new_name"
  case off, offset, on, once, origin, output, pan, period, polyphony, position, program, ramp, rate, region,
    shell
  case solo, soundfont, start, strict, tempo, threads, times, timing, to, topic, topics, track, transpose,
    velocity, watch

  // On stage and on the way to a file.
  case bits, ceiling, confirm, force, format, lufs, stems
  case noDither = "no_dither"

  // What every command takes.
  case color, help, json, quiet, timeout, version, yes
  case noWait = "no_wait"
  case socketDir = "socket_dir"

  /// `fade_in` as `--fade-in`.
  package var flag: String {
    "--" + String(rawValue.map { $0 == "_" ? "-" : $0 })
  }
}
