import Arrangement
import ControlSocket
import HootWire
import Media
import RealtimeEngine
import Tools

extension Conductor {
  func listFonts(_ incoming: Incoming) throws(Refusal) -> Answer {
    try load(
      { .fonts(FontLibrary.list()) },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .fonts(let fonts) = loaded else { return }
          finish(
            incoming,
            .ok(["fonts": .array(fonts.map(fontJSON)), "default": .string(FontLibrary.name(of: defaultFont))])
          )
        }
      })
    return .later
  }

  private func fontJSON(_ font: FontFile) -> JSONValue {
    let users = timeline.tracks.filter { track in
      guard let path = banks.playing[track.id]?.settings.soundfont else { return false }
      return FontLibrary.name(of: path) == font.path
    }
    return [
      "name": .string(font.name), "path": .string(font.path), "bytes": .integer(font.bytes),
      "in_use_by": .array(users.map { .string($0.name) }),
    ]
  }

  /// For one track, or as the default of all that have no font of their own. The synths are made and warmed
  /// on the loader; what sounds rings out in the old ones.
  func useFont(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let reference = arguments.text(.font) ?? "auto"
    if let name = arguments.text(.track) {
      var track = try track(name)
      track.soundfont = reference
      let changed = track
      try makeBank(for: changed, incoming) { [self] () throws(Refusal) in
        let edited = try edit { timeline throws(ArrangementError) in try timeline.updateTrack(changed) }
        let command = try commit("soundfont_use", edited)
        let font = banks.playing[changed.id]?.settings.soundfont ?? reference
        finish(incoming, .ok(["command": command, "soundfont": .string(FontLibrary.name(of: font))]))
      }
      return .later
    }
    try load(
      {
        .fontInfo(Result { () throws(Refusal) in try FontDescription.read(reference) })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .fontInfo(let result) = loaded else { return }
          let path = try result.get().path
          let users = timeline.tracks.filter { $0.soundfont == nil && banks.playing[$0.id] != nil }
          try replaceBanks(of: users[...], with: path, incoming)
        }
      })
    return .later
  }

  /// One track after the other; the default changes when all have their synths.
  private func replaceBanks(of tracks: ArraySlice<Track>, with path: String, _ incoming: Incoming)
    throws(Refusal)
  {
    guard let track = tracks.first else {
      defaultFont = path
      let command = try commit("soundfont_use", timeline)
      return finish(incoming, .ok(["command": command, "soundfont": .string(FontLibrary.name(of: path))]))
    }
    var wish = track
    wish.soundfont = path
    try makeBank(for: wish, incoming) { [self] () throws(Refusal) in
      try replaceBanks(of: tracks.dropFirst(), with: path, incoming)
    }
  }

  func inspectFont(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let reference = arguments.text(.font) ?? "auto"
    try load(
      {
        .fontInfo(Result { () throws(Refusal) in try FontDescription.read(reference) })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .fontInfo(let result) = loaded else { return }
          finish(incoming, .ok(["soundfont": try result.get().json]))
        }
      })
    return .later
  }
}

/// What `soundfont inspect` tells.
struct FontDescription: Sendable {
  var path: String
  var info: SoundFontInfo

  /// Loader thread, or a program of its own.
  static func read(_ reference: String) throws(Refusal) -> FontDescription {
    let path = try FontLibrary.resolve(reference)
    do { return FontDescription(path: path, info: try SoundFontInfo.read(path: path)) } catch {
      throw Refusal(error)
    }
  }

  var json: JSONValue {
    [
      "name": .string(info.name), "path": .string(FontLibrary.name(of: path)),
      "bytes": .integer(Int64(info.bytes)),
      "format": .string(info.format),
      "presets": .array(
        info.presets.map { preset in
          [
            "bank": .integer(Int64(preset.bank)), "program": .integer(Int64(preset.program)),
            "name": .string(preset.name),
          ]
        }),
    ]
  }
}
