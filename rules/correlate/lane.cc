#include "rules/correlate/lane.h"

#include "rules/correlate/entries.h"
#include "rules/correlate/keys.h"

namespace quanzu::rules {

void Lane::wait(const Touch& touch) {
  waiting_.push_back({touch, std::string(touch.key)});
  std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
}

Touch Lane::take_next(std::string& kept) {
  std::pop_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  Touch touch = waiting_.back().touch;
  kept = std::move(waiting_.back().key);
  touch.key = kept;
  waiting_.pop_back();
  return touch;
}

Ms Lane::first_end() const {
  return std::min(next_close, waiting_.empty() || closing.empty() ? kForever : next().at + shortest);
}

void Lane::adopt(const Lane& other, uint32_t was, uint32_t now) {
  for (const WaitingTouch& each : other.waiting_) {
    if (each.touch.correlation != was) continue;
    waiting_.push_back(each);
    waiting_.back().touch.correlation = now;
    std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  }
}

void Lane::write(StateWriter& out) const {
  for (Ms at : {watermark, settled, next_close}) out.time(at);
  out.count(waiting_.size());
  for (const auto& [touch, key] : waiting_) {
    out.time(touch.at);
    out.number(touch.order);
    out.number(touch.correlation);
    out.hash(touch.group);
    out.hash(touch.payload);
    out.text(key);
  }
}

void Lane::read(StateReader& in, const std::vector<const Definition*>& may_wait) {
  for (Ms* at : {&watermark, &settled, &next_close}) in.time(*at);
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    auto& [touch, key] = waiting_.emplace_back();
    in.time(touch.at);
    in.number(touch.order);
    in.number(touch.correlation);
    in.hash(touch.group);
    in.hash(touch.payload);
    in.text(key);
    const Definition* of = touch.correlation < may_wait.size() ? may_wait[touch.correlation] : nullptr;
    in.require(of != nullptr && is_key(key, of->group_by.size()) &&
               (!of->takes_numbers() || is_decimal(units_of(touch.payload))));
  }
}

}  // namespace quanzu::rules
