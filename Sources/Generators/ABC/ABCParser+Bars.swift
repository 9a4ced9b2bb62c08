extension ABCParser {
  /// `|`, `||`, `|]`, `|:`, `:|`, `::`, `|1`, `:|2` and every mixture of them.
  mutating func readBar() {
    let start = at
    while let byte = peek() {
      if byte == UInt8(ascii: "|") || byte == UInt8(ascii: ":") {
        at += 1
      } else if byte == UInt8(ascii: "]"), at > start, bytes[at - 1] == UInt8(ascii: "|") {
        at += 1
      } else if byte == UInt8(ascii: "["), peek(1) == UInt8(ascii: "|") {
        at += 2
      } else {
        break
      }
    }
    let text = bytes[start..<at]
    guard text.contains(UInt8(ascii: "|")) || text.count > 1 else {
      return complain(.error, at: start, "\":\" is no bar line; |: and :| are")
    }
    var bar = Self.bar(text)
    if bar.repeatsBack >= GeneratorLimits.passes {
      complain(
        .error, at: start, "\(bar.repeatsBack + 1) passes are too many: at most \(GeneratorLimits.passes)")
      bar.repeatsBack = 1
    }
    if let digit = peek(), Self.isDigit(digit) { bar.endings = readEndings() }
    checkBar(bar, at: start)
    close(bar)
    add(.bar(bar), at: start)
    tune?.marks.append(.bar(voice: voice))
  }

  /// Colons in front end a repeat, colons behind begin one; without a line between them they are shared out.
  private static func bar(_ text: ArraySlice<UInt8>) -> ABCBar {
    let colon = UInt8(ascii: ":")
    let front = text.prefix { $0 == colon }.count
    var bar = ABCBar()
    if front == text.count {
      bar.repeatsBack = max(1, front / 2)
      bar.startsRepeat = true
    } else {
      bar.repeatsBack = front
      bar.startsRepeat = text.last == colon
      let lines = text.filter { $0 == UInt8(ascii: "|") }.count
      bar.isSection = lines > 1 || text.contains(UInt8(ascii: "]")) || text.contains(UInt8(ascii: "["))
    }
    return bar
  }

  /// `1`, `1,3`, `1-3`.
  mutating func readEndings() -> [Int] {
    let start = at
    var passes: [Int] = []
    repeat {
      guard let first = readNumber() else { break }
      var last = first
      if take("-") { last = readNumber() ?? 0 }
      guard (1...GeneratorLimits.passes).contains(first),
        (first...GeneratorLimits.passes).contains(max(last, first)),
        last >= first
      else {
        complain(
          .error, at: start,
          "endings are numbers of 1 to \(GeneratorLimits.passes), found \(shown(bytes[start..<at]))")
        return []
      }
      passes += first...last
    } while take(",") && passes.count <= GeneratorLimits.passes
    return passes
  }

  /// `[1` behind a bar line, or in the middle of a bar.
  mutating func addEnding(_ passes: [Int], at start: Int) {
    guard !passes.isEmpty else { return }
    close(ABCBar(endings: passes), isLine: false)
    // Not through a copy of the elements: changing one would copy them all.
    let last = (tune?.voices[voice].elements.count ?? 0) - 1
    if last >= 0, case .bar(var bar)? = tune?.voices[voice].elements[last].kind, bar.endings.isEmpty {
      bar.endings = passes
      tune?.voices[voice].elements[last].kind = .bar(bar)
    } else {
      add(.bar(ABCBar(endings: passes)), at: start)
    }
  }

  private mutating func close(_ bar: ABCBar, isLine: Bool = true) {
    if isLine {
      states[voice].accidentals.beginBar()
      states[voice].barLength = 0
      states[voice].longestInBar = 0
      states[voice].barOffset = 0
      states[voice].barMayBeShort =
        bar.repeatsBack > 0 || bar.startsRepeat || bar.isSection || !bar.endings.isEmpty
    }
    if bar.endings.contains(1) {
      states[voice].tiesBeforeEndings = states[voice].ties
    } else if !bar.endings.isEmpty {
      states[voice].ties = states[voice].tiesBeforeEndings
    }
    if bar.isSection || bar.startsRepeat { states[voice].lastSound = nil }
  }

  /// A bar that is not as long as its meter, where it is not one that may be: an upbeat, or its rest at a repeat.
  private mutating func checkBar(_ bar: ABCBar, at start: Int) {
    let state = states[voice]
    let length = max(state.barLength, state.longestInBar)
    guard !state.meter.isFree, state.longestInBar >= 0, length > 0 else { return }
    let mayBeShort =
      state.barMayBeShort || bar.repeatsBack > 0 || bar.startsRepeat || bar.isSection || !bar.endings.isEmpty
    let whole = state.meter.length
    // Tuplets that do not divide evenly are off by less than a tick.
    guard length > whole + ABCTime.perTick || (!mayBeShort && length + ABCTime.perTick < whole) else {
      return
    }
    complain(
      .warning, at: state.barOffset > 0 ? state.barOffset : start,
      "the bar has \(Self.eighths(length)) eighths, \(state.meter.text) has \(Self.eighths(whole))")
  }

  private static func eighths(_ length: Int64) -> String {
    let hundredths = (length * 800 + ABCTime.whole / 2) / ABCTime.whole
    let (whole, part) = (hundredths / 100, hundredths % 100)
    if part == 0 { return String(whole) }
    return "\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}
