// Boost.JSON compiled once; the rest of adapters/boost_src.cc is not needed here.
#include <boost/json/src.hpp>
