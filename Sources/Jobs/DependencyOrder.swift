/// Jobs that are handed in together and wait for each other.
enum DependencyOrder {
  /// One of the jobs that wait for themselves through others; nil when there is none.
  ///
  /// Kahn's method: whoever waits for nobody is taken away, again and again.
  static func cycle(in specs: [JobSpec]) -> JobID? {
    let own = Set(specs.map(\.id))
    var open: [JobID: Int] = [:]
    var children: [JobID: [JobID]] = [:]
    for spec in specs {
      let parents = Set(spec.parents).intersection(own)
      open[spec.id] = parents.count
      for parent in parents { children[parent, default: []].append(spec.id) }
    }
    var ready = specs.map(\.id).filter { open[$0] == 0 }
    while let next = ready.popLast() {
      open[next] = nil
      for child in children[next] ?? [] {
        guard let count = open[child] else { continue }
        open[child] = count - 1
        if count == 1 { ready.append(child) }
      }
    }
    return specs.first { open[$0.id] != nil }?.id
  }
}
