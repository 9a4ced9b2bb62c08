/// In which order the elements of a voice are played: repeats and endings are followed.
struct ABCOrder {
  private struct Section {
    var body: [Int] = []
    var endings: [(passes: [Int], elements: [Int])] = []
    var repeats = 0
    /// Begins with a repeat sign of its own.
    var isMarked = false

    var passes: Int {
      guard !endings.isEmpty else { return repeats + 1 }
      let named = endings.flatMap(\.passes).max() ?? 1
      return max(named, repeats > 0 && endings.count == 1 ? 2 : 1)
    }

    var count: Int { passes * (body.count + (endings.map(\.elements.count).max() ?? 0)) }

    func elements(pass: Int) -> [Int] {
      body + (endings.first { $0.passes.contains(pass) }?.elements ?? [])
    }
  }

  private(set) var elements: [Int] = []
  private var section = Section()
  private var hasRepeated = false
  private(set) var isTooLong = false

  init(_ voice: ABCVoice) {
    for (index, element) in voice.elements.enumerated() {
      if case .bar(let bar) = element.kind {
        take(bar, index)
      } else {
        if hasRepeated { flush() }
        append(index)
      }
    }
    flush()
  }

  private mutating func take(_ bar: ABCBar, _ index: Int) {
    append(index)
    if bar.repeatsBack > 0 {
      section.repeats = max(section.repeats, bar.repeatsBack)
      hasRepeated = true
    } else if bar.isSection, bar.endings.isEmpty, !section.endings.isEmpty || !section.isMarked {
      flush()
    }
    if bar.startsRepeat {
      flush()
      section.isMarked = true
    }
    if !bar.endings.isEmpty {
      section.endings.append((bar.endings, []))
      hasRepeated = false
    }
  }

  private mutating func append(_ index: Int) {
    if section.endings.isEmpty {
      section.body.append(index)
    } else {
      section.endings[section.endings.count - 1].elements.append(index)
    }
  }

  private mutating func flush() {
    defer {
      section = Section()
      hasRepeated = false
    }
    guard elements.count + section.count <= GeneratorLimits.playedElements else {
      isTooLong = true
      return
    }
    for pass in 1...section.passes { elements += section.elements(pass: pass) }
  }
}
