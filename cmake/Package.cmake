# `cpack`: a .deb of both programs, the rules that ship, the unit and its configuration. docs/operations.md tells how it is used.
install(TARGETS quanzud quanzu RUNTIME DESTINATION bin)
install(DIRECTORY rules/packs DESTINATION share/quanzu)
install(FILES packaging/quanzud.toml DESTINATION /etc/quanzu)
install(FILES packaging/quanzud.service DESTINATION /lib/systemd/system)
install(FILES packaging/copyright README.md CHANGELOG.md LICENSE DESTINATION share/doc/quanzu)
install(DIRECTORY docs DESTINATION share/doc/quanzu)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "The Quanzu authors <quanzu@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "matches fraud-risk signals and queues residents for persuasion")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Quanzu takes a telecom feed's signals, matches them with rules, queues the residents who are at risk
for calls and visits, and records what came of it, so that the rate of success can be defended.
The server is quanzud, with its console inside; quanzu is the tool for rules, feeds and simulations.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, procps, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${PROJECT_BINARY_DIR}/conffiles "/etc/quanzu/quanzud.toml\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${PROJECT_SOURCE_DIR}/packaging/debian/postinst;${PROJECT_SOURCE_DIR}/packaging/debian/prerm"
    "${PROJECT_SOURCE_DIR}/packaging/debian/postrm;${PROJECT_BINARY_DIR}/conffiles")
include(CPack)
