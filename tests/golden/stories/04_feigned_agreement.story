# The resident says yes and means no: the scammer is in the room, so to speak. That closes nothing and opens a visit.
Li is an operator
Zhao is a field_worker
rule investment_group: investment, grooming, 60 points, half-life 14 days

10:00 an SMS from 17012345678 to 13900002222 says "老师带你稳赚，进群"; matched investment_group
10:01 Li claims the next task
10:02 Li records feigned_agreement, question on the call of 13900002222
then the visit of 13900002222 is waiting
then the call of 13900002222 is waiting
10:05 Li closes the case of 13900002222 as dissuaded
refused: "dissuaded" needs the line cut
10:06 Zhao claims the visit of 13900002222
10:07 Zhao records met, face_to_face, line cut, stopped by visitor on the visit of 13900002222
10:20 Zhao closes the case of 13900002222 as dissuaded
then the case of 13900002222 is following_up
then the visit of 13900002222 is done
