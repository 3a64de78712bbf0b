// Asio, Beast and Boost.JSON compiled once: their headers are used with separate compilation (cmake/Dependencies.cmake).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
#include <boost/json/src.hpp>
