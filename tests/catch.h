// The one place that names the test framework's version: Catch2 2.13 now, v3 by changing this include.
#pragma once
#include <catch2/catch.hpp>
