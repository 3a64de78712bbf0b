// Learned models as fields of rules: `model.NAME`, and `model.NAME.LABEL` where the model has several outputs. The file
// models/NAME.model in any folder of the pack is read once, by the loader. One thread.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "rules/lang/problems.h"
#include "rules/learn/model.h"

namespace quanzu::rules {

constexpr std::string_view kModelPrefix = "model.";

// Into `models`. Errors: a name that no field can have or that is taken, what parse_model refuses.
void read_model(std::string_view bytes, const std::string& name, Models& models, Problems& problems);

// The model that the field names, and which of its outputs; null where there is none.
std::shared_ptr<const Model> model_named(std::string_view field, const Models& models);
std::optional<size_t> output_named(std::string_view field, const Model& model);

// The same. Null, with an error, where the pack has no such model or the model no such output.
std::shared_ptr<const Model> known_model(std::string_view field, Mark mark, const Models& models, Problems& problems);

// A rule names a model by its file, NAME.model: whether it can.
bool is_model_name(std::string_view name);

// A model says a probability: it is compared with one. Nothing, with an error, where the value is anything else.
std::optional<Value> fit_probability(Value value, Mark mark, std::string_view text, Problems& problems);

}  // namespace quanzu::rules
