# "Dissuaded" has to be true: the resident in person, the line cut, and for impersonated police a real proof of identity.
Li is an operator
Chen is a supervisor
rule fake_police_warrant: impersonate_police, hook, 75 points, half-life 3 days

10:00 an SMS from 0085261234567 to 13900001111 says "逮捕令"; matched fake_police_warrant
then the case of 13900001111 is open and high
10:01 Li claims the call of 13900001111
10:02 Li closes the case of 13900001111 as dissuaded
refused: "dissuaded" needs the resident in person
10:02 Li records family_reached, line cut on the call of 13900001111
10:03 Li closes the case of 13900001111 as dissuaded
refused: "dissuaded" needs the resident in person
10:08 Li claims the call of 13900001111
10:08 Li records reached, question on the call of 13900001111
10:09 Li closes the case of 13900001111 as dissuaded
refused: "dissuaded" needs the line cut
10:10 Li records reached, question, line cut on the call of 13900001111
10:11 Li closes the case of 13900001111 as dissuaded
refused: identity I2 or I3
10:12 Li records reached, called_back, line cut on the call of 13900001111
10:13 Li closes the case of 13900001111 as persuaded
refused: "persuaded" is no closing reason: it is one of dissuaded
10:13 Li closes the case of 13900001111 as exhausted
refused: a supervisor
10:14 Li closes the case of 13900001111 as dissuaded
then the case of 13900001111 is following_up and high
10:15 Li closes the case of 13900001111 as dissuaded
refused: closed already
