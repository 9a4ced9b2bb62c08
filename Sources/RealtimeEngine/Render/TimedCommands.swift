import MusicalTime

/// The commands that wait for the playhead: a treap, sorted by place, then by id, the order of coming. Putting one
/// in, finding the next and taking it out cost in proportion to the logarithm of their number. Realtime thread.
struct TimedCommands: BitwiseCopyable {
  /// A node that stands for nothing: the tree hangs on its left.
  var top: UnsafeMutablePointer<TimedNode>
  var free: UnsafeMutablePointer<TimedNode>?
  /// The first at or after the place that was looked for last.
  var next: UnsafeMutablePointer<TimedNode>?
  var sequence: UInt64 = 0
  var seed: UInt32 = 0x9E37_79B9

  @_noLocks init(top: UnsafeMutablePointer<TimedNode>) { self.top = top }

  /// A tree whose nodes are free: it is taken apart when they are needed.
  private var discarded: UnsafeMutablePointer<TimedNode>?

  @_noLocks
  mutating func add(_ rooms: UnsafePointer<TimedRooms>) {
    rooms.pointee.last.pointee.right = free
    free = rooms.pointee.first
  }

  /// False when there is no room: nothing is done then.
  @_noLocks
  mutating func insert(_ command: Command) -> Bool {
    guard let node = takeFree() else { return false }
    node.pointee.command = command
    node.pointee.sequence = sequence
    node.pointee.priority = randomPriority()
    sequence += 1
    var parent = top
    var isLeft = true
    var rest = top.pointee.left
    while let current = rest, current.pointee.priority >= node.pointee.priority {
      parent = current
      isLeft = Self.isBefore(node, current)
      rest = isLeft ? current.pointee.left : current.pointee.right
    }
    Self.hang(node, on: parent, left: isLeft)
    split(rest, around: node)
    return true
  }

  /// Hangs what comes before a node on its left, the rest on its right.
  @_noLocks
  private func split(_ tree: UnsafeMutablePointer<TimedNode>?, around node: UnsafeMutablePointer<TimedNode>) {
    var rest = tree
    var before = node
    var beforeIsLeft = true
    var after = node
    var afterIsLeft = false
    while let current = rest {
      if Self.isBefore(current, node) {
        Self.hang(current, on: before, left: beforeIsLeft)
        before = current
        beforeIsLeft = false
        rest = current.pointee.right
      } else {
        Self.hang(current, on: after, left: afterIsLeft)
        after = current
        afterIsLeft = true
        rest = current.pointee.left
      }
    }
    Self.hang(nil, on: before, left: beforeIsLeft)
    Self.hang(nil, on: after, left: afterIsLeft)
  }

  @_noLocks
  mutating func remove(_ node: UnsafeMutablePointer<TimedNode>) {
    var parent = top
    var isLeft = true
    while let current = isLeft ? parent.pointee.left : parent.pointee.right, current != node {
      isLeft = Self.isBefore(node, current)
      parent = current
    }
    var before = node.pointee.left
    var after = node.pointee.right
    while let first = before, let second = after {
      if first.pointee.priority >= second.pointee.priority {
        Self.hang(first, on: parent, left: isLeft)
        parent = first
        isLeft = false
        before = first.pointee.right
      } else {
        Self.hang(second, on: parent, left: isLeft)
        parent = second
        isLeft = true
        after = second.pointee.left
      }
    }
    Self.hang(before == nil ? after : before, on: parent, left: isLeft)
    node.pointee.right = free
    free = node
  }

  @_noLocks
  private mutating func takeFree() -> UnsafeMutablePointer<TimedNode>? {
    if let node = free {
      free = node.pointee.right
      return node
    }
    guard var root = discarded else { return nil }
    // Turned to the right until nothing is on its left: then the rest hangs on its right.
    while let left = root.pointee.left {
      root.pointee.left = left.pointee.right
      left.pointee.right = root
      root = left
    }
    discarded = root.pointee.right
    return root
  }

  /// Forgets every command at once, however many there are.
  @_noLocks
  mutating func discardAll() {
    next = nil
    guard let tree = top.pointee.left else { return }
    top.pointee.left = nil
    // What was discarded before hangs on the last of these.
    var last = tree
    while let right = last.pointee.right { last = right }
    last.pointee.right = discarded
    discarded = tree
  }

  /// Takes a command out, if it still waits at a tick.
  @_noLocks
  mutating func withdraw(_ id: UInt64, at tick: Double) {
    guard let found = find(id, at: tick) else { return }
    remove(found)
  }

  /// Moves a command to another place, if it still waits at a tick.
  @_noLocks
  mutating func move(_ id: UInt64, from tick: Double, to place: Tick) {
    guard let found = find(id, at: tick) else { return }
    var command = found.pointee.command
    command.at = place
    remove(found)
    _ = insert(command)
  }

  @_noLocks
  private func find(_ id: UInt64, at tick: Double) -> UnsafeMutablePointer<TimedNode>? {
    var found: UnsafeMutablePointer<TimedNode>?
    var rest = top.pointee.left
    while let current = rest {
      let at = Double(current.pointee.command.at)
      if at < tick || (at == tick && current.pointee.command.id < id) {
        rest = current.pointee.right
      } else {
        found = current
        rest = current.pointee.left
      }
    }
    guard let found, Double(found.pointee.command.at) == tick, found.pointee.command.id == id else {
      return nil
    }
    return found
  }

  /// Makes the first command at or after a tick the next one.
  @_noLocks
  mutating func lookFrom(_ tick: Double) {
    next = nil
    var rest = top.pointee.left
    while let current = rest {
      if Double(current.pointee.command.at) < tick {
        rest = current.pointee.right
      } else {
        next = current
        rest = current.pointee.left
      }
    }
  }

  /// The command after one.
  @_noLocks
  func following(_ node: UnsafeMutablePointer<TimedNode>) -> UnsafeMutablePointer<TimedNode>? {
    var found: UnsafeMutablePointer<TimedNode>?
    var rest = top.pointee.left
    while let current = rest {
      if Self.isBefore(node, current) {
        found = current
        rest = current.pointee.left
      } else {
        rest = current.pointee.right
      }
    }
    return found
  }

  @_noLocks
  private static func isBefore(
    _ one: UnsafeMutablePointer<TimedNode>, _ other: UnsafeMutablePointer<TimedNode>
  ) -> Bool {
    let first = one.pointee.command
    let second = other.pointee.command
    if first.at != second.at { return first.at < second.at }
    return first.id != second.id ? first.id < second.id : one.pointee.sequence < other.pointee.sequence
  }

  @_noLocks
  private static func hang(
    _ child: UnsafeMutablePointer<TimedNode>?, on parent: UnsafeMutablePointer<TimedNode>, left: Bool
  ) {
    if left { parent.pointee.left = child } else { parent.pointee.right = child }
  }

  /// xorshift32 (Marsaglia 2003): what keeps the tree flat, whatever order the places come in.
  @_noLocks
  private mutating func randomPriority() -> UInt32 {
    seed ^= seed << 13
    seed ^= seed >> 17
    seed ^= seed << 5
    return seed
  }
}
