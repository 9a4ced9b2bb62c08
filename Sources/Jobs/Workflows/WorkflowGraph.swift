/// Names that depend on names.
package enum WorkflowGraph {
  /// A way from a name back to itself, the name at both ends; nil when there is none. Names that nothing is said of
  /// depend on nothing.
  package static func cycle(in parents: [String: [String]]) -> [String]? {
    var done: Set<String> = []
    for start in parents.keys.sorted() where !done.contains(start) {
      // Depth first, without recursion: the way so far, and what is left of each one's parents.
      var way = [start]
      var onWay: Set = [start]
      var left = [parents[start] ?? []]
      while let name = way.last {
        guard let next = left[way.count - 1].popLast() else {
          done.insert(name)
          onWay.remove(name)
          way.removeLast()
          left.removeLast()
          continue
        }
        if onWay.contains(next), let begin = way.firstIndex(of: next) {
          return (way[begin...] + [next]).reversed()
        }
        guard !done.contains(next) else { continue }
        way.append(next)
        onWay.insert(next)
        left.append(parents[next] ?? [])
      }
    }
    return nil
  }

  /// All that a name depends on, directly and through others; without itself, unless there is a cycle.
  package static func ancestors(of name: String, in parents: [String: [String]]) -> Set<String> {
    var found: Set<String> = []
    var open = parents[name] ?? []
    while let next = open.popLast() {
      if found.insert(next).inserted { open += parents[next] ?? [] }
    }
    return found
  }
}
