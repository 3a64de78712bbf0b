#include "rules/correlate/times.h"

#include <cstring>
#include <limits>

namespace quanzu::rules {

// A group spans a timespan before what is settled, the lateness after it, and a timespan of room below its base.
TimesShape times_shape(uint64_t needed, Ms timespan, Ms lateness) {
  const bool wide = 2 * timespan + lateness > Ms{UINT32_MAX};
  return {static_cast<uint32_t>(std::min<uint64_t>(needed, UINT32_MAX)), timespan, wide};
}

namespace {

// How much more room than it needs a ring may hold.
constexpr uint32_t kMostSlack = 4;

// The ring as an array of times in ascending order. T: how a distance is held.
template <class T>
class Ring {
 public:
  Ring(Times& of, const TimesShape& shape)
      : of_(of),
        shape_(shape),
        room_(reinterpret_cast<T*>(of.more ? of.more.get() : reinterpret_cast<std::byte*>(&of + 1))),
        capacity_(of.more ? of.capacity : shape.room()) {}

  void write(StateWriter& out) {
    for (uint32_t i = 0; i < of_.count; ++i) out.number(held(i));
  }
  void read(StateReader& in) {
    if (of_.capacity > 0) {
      of_.more = std::make_unique<std::byte[]>(of_.capacity * sizeof(T));
      room_ = reinterpret_cast<T*>(of_.more.get());
      capacity_ = of_.capacity;
    }
    in.require(of_.count <= capacity_);
    for (uint32_t i = 0; i < of_.count && in.ok(); ++i) {
      in.number(held(i));
      in.require(static_cast<uint64_t>(held(i)) <= static_cast<uint64_t>(most()) && (i == 0 || held(i - 1) <= held(i)));
    }
  }

  bool add(Ms at, Ms settled) {
    if (of_.count == 0) of_.base = at - shape_.timespan;
    if (at < of_.base || at - of_.base > most()) rebase(at, settled);
    if (of_.count == capacity_) make_room(settled);
    const uint32_t place = insert(at);
    for (uint32_t i = place; i < of_.count; ++i) {
      const Ms end = time(i);
      if (end - at > shape_.timespan) break;
      if (i + 1 >= shape_.needed && end - time(i + 1 - shape_.needed) <= shape_.timespan) {
        of_.head = of_.count = 0;
        of_.more.reset();
        return true;
      }
    }
    return false;
  }

 private:
  static constexpr Ms most() { return static_cast<Ms>(std::min<uint64_t>(std::numeric_limits<T>::max(), kForever)); }
  T& held(uint32_t i) {
    const uint32_t at = of_.head + i;
    return room_[at >= capacity_ ? at - capacity_ : at];
  }
  Ms time(uint32_t i) { return of_.base + static_cast<Ms>(held(i)); }

  void drop_oldest() {
    of_.head = of_.head + 1 == capacity_ ? 0 : of_.head + 1;
    --of_.count;
  }

  // Nothing that a later event could still make a window with is dropped: of what is settled, the last n - 1.
  void make_room(Ms settled) {
    const bool passed = time(0) < settled - shape_.timespan;
    if (passed || (of_.count >= shape_.needed && time(shape_.needed - 1) <= settled)) return drop_oldest();
    move_to(capacity_ < shape_.needed ? std::min(capacity_ * 2, shape_.needed) : capacity_ * 2);
  }

  void move_to(uint32_t capacity) {
    auto more = std::make_unique<std::byte[]>(capacity * sizeof(T));
    for (uint32_t i = 0; i < of_.count; ++i) std::memcpy(more.get() + i * sizeof(T), &held(i), sizeof(T));
    of_.more = std::move(more);
    of_.capacity = capacity_ = capacity;
    of_.head = 0;
    room_ = reinterpret_cast<T*>(of_.more.get());
  }

  void rebase(Ms at, Ms settled) {
    while (of_.count > 0 && time(0) < std::min(at, settled) - shape_.timespan) drop_oldest();
    Ms base = (of_.count == 0 ? at : std::min(at, time(0))) - shape_.timespan;
    if (of_.count > 0 && std::max(at, time(of_.count - 1)) - base > most()) {
      of_.count = 0;  // a leap of weeks inside one batch: nothing held is in a window with this one
      base = at - shape_.timespan;
    }
    const Ms shift = of_.base - base;
    for (uint32_t i = 0; i < of_.count; ++i) held(i) = static_cast<T>(static_cast<Ms>(held(i)) + shift);
    of_.base = base;
    if (of_.more && capacity_ > kMostSlack * std::max(of_.count, shape_.room())) {
      move_to(2 * std::max(of_.count, shape_.room()));
    }
  }

  uint32_t insert(Ms at) {
    const auto distance = static_cast<T>(at - of_.base);
    uint32_t place = of_.count++;
    for (; place > 0 && held(place - 1) > distance; --place) held(place) = held(place - 1);
    held(place) = distance;
    return place;
  }

  Times& of_;
  const TimesShape& shape_;
  T* room_;
  uint32_t capacity_;
};

}  // namespace

bool Times::add(const TimesShape& shape, Ms at, Ms settled) {
  last = std::max(last, at);
  return shape.wide ? Ring<uint64_t>(*this, shape).add(at, settled) : Ring<uint32_t>(*this, shape).add(at, settled);
}

void Times::write(StateWriter& out, const TimesShape& shape) const {
  out.time(base);
  out.number(count);
  out.number(more ? capacity : 0);
  Times& self = const_cast<Times&>(*this);  // a ring reads and writes through one pointer
  shape.wide ? Ring<uint64_t>(self, shape).write(out) : Ring<uint32_t>(self, shape).write(out);
}

void Times::read(StateReader& in, const TimesShape& shape) {
  in.time(base);
  in.number(count);
  in.number(capacity);
  in.require(count <= in.left() && capacity <= kMostSlack * uint64_t{std::max(count, shape.room())});
  if (!in.ok()) {
    count = capacity = 0;
    return;
  }
  shape.wide ? Ring<uint64_t>(*this, shape).read(in) : Ring<uint32_t>(*this, shape).read(in);
}

uint64_t Times::digest() const {
  SipHash hash(key);
  hash.integer(static_cast<uint64_t>(last));
  hash.integer(count);
  return hash.finish();
}

}  // namespace quanzu::rules
